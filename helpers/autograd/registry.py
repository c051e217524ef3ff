"""The register of rules: which of torch's functions can be run on our tensors.

With this module one can: find the rule of a function (`rule_for`), use it (`call`),
enter one (`register`), and list what is there (`RULES`). A rule is called with torch's
function and the arguments as they were given.
"""

RULES = {}  # torch's function, or method -> what runs it on our tensors


class MissingRule(NotImplementedError, AttributeError):
    """There is no rule for a function of torch's that was handed our tensors."""

    def __init__(self, name, kind="function"):
        super().__init__(
            f"the {kind} {name} has no rule for our tensors yet. Add one in "
            "helpers/autograd/derivatives (its functions, and a formula for each "
            "input), or hand it raw arrays: tensor.data"
        )


def rule_for(function):
    """The rule of one of torch's functions; MissingRule names it if there is none."""
    try:
        return RULES[function]
    except KeyError:
        raise MissingRule(torch_name(function)) from None


NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim"}


def as_torch_says(kwargs):
    """Keyword arguments with torch's names in the place of NumPy's, which it allows."""
    return {NUMPY_NAMES.get(name, name): value for name, value in kwargs.items()}


def call(function, *args, **kwargs):
    """Run one of torch's functions through its rule, without asking torch first.

    torch.compile can't trace torch's asking for the functions in torch._C._nn.
    """
    return rule_for(function)(function, args, kwargs)


def register(functions, rule):
    """Enter a rule for each of `functions`; a later entry replaces an earlier one."""
    for function in functions:
        RULES[function] = rule


def torch_name(function):
    """A readable name: torch.exp, torch.nn.functional.relu, Tensor.view."""
    name = getattr(function, "__name__", str(function))
    owner = getattr(function, "__module__", None)
    if getattr(function, "__objclass__", None) is not None:
        owner = "Tensor"
    return f"{owner or 'torch'}.{name}"
