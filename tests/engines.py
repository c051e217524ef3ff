"""One program on two engines, ours and torch's: the outcome must be the same.

With this module one can: write a test once, as a scenario (a function of an engine) and
assert that it comes out the same everywhere (`compare`); compare values, gradients and
gradients of gradients of a function on arguments of torch's (`compare_gradients`, or
`torchs_gradients` once and `compare_with` as often as wanted); and ask what a call
raises (`error_of`) and warns of (`warnings_of`).
"""

import warnings
from dataclasses import dataclass
from types import SimpleNamespace

import torch
from torch.utils._pytree import tree_flatten, tree_map

from helpers import autograd
from helpers.autograd import Tensor
from helpers.autograd.function import once_differentiable

NAMES = (
    "Function backward enable_grad grad gradcheck gradgradcheck no_grad "
    "set_grad_enabled"
).split()


class Engine(SimpleNamespace):
    """An engine's functions under torch's names, and leaves of its own kind.

    `name` says whose it is, `kind` is the class of its tensors.
    """

    def leaf_of(self, raw):
        """A leaf that requires grad, around a copy of an array."""
        return self.tensor(raw.detach().clone(), requires_grad=True)

    def leaf(self, *numbers):
        """A float64 leaf that requires grad, of one dimension."""
        return self.leaf_of(torch.tensor(numbers, dtype=torch.float64))

    def copy(self, value):
        """A copy of a tensor of torch's, a leaf if it requires grad; all else as is."""
        if not isinstance(value, torch.Tensor):
            return value
        return self.leaf_of(value) if value.requires_grad else value.clone()

    def differentiable(self, tree):
        """The tensors in nested sequences that require grad, in order."""
        tensors = (each for each in tree_flatten(tree)[0] if is_tensor(each))
        return [t for t in tensors if isinstance(t, self.kind) and t.requires_grad]


def torch_tensor(data, requires_grad=False, dtype=None):
    """torch.tensor with the arguments of ours; raw tensors keep their memory."""
    raw = torch.as_tensor(data, dtype=dtype)
    return raw.requires_grad_() if requires_grad else raw


OURS = Engine(
    name="ours", kind=Tensor, tensor=autograd.tensor,
    once_differentiable=once_differentiable, is_grad_enabled=autograd.is_grad_enabled,
    **{name: getattr(autograd, name) for name in NAMES},
)  # fmt: skip
TORCHS = Engine(
    name="torch", kind=torch.Tensor, tensor=torch_tensor,
    once_differentiable=torch.autograd.function.once_differentiable,
    is_grad_enabled=torch.is_grad_enabled,
    **{name: getattr(torch.autograd, name) for name in NAMES},
)  # fmt: skip
ENGINES = [OURS, TORCHS]


def is_tensor(value):
    """Whether something is a tensor of either kind."""
    return isinstance(value, (torch.Tensor, Tensor))


def raw(value):
    """The array of a tensor of either kind, without its history."""
    return (value if isinstance(value, torch.Tensor) else value.data).detach()


def plain(value):
    """Numbers in the place of a tensor; error classes and all else as they are."""
    return value.tolist() if is_tensor(value) else value


def layout(value):
    """The dtype, shape and strides of a tensor; None for what is none."""
    if not is_tensor(value):
        return None
    array = raw(value)
    return array.dtype, array.shape, array.stride()


def compare(scenario, engines=ENGINES):
    """Assert that a scenario comes out the same on all engines; return its outcome.

    Tensors must agree in numbers, dtype, shape and strides; the outcome that is
    returned holds numbers in their place.
    """
    outcomes = [scenario(engine) for engine in engines]
    first, *others = [
        [tree_map(look, outcome) for look in (plain, layout)] for outcome in outcomes
    ]
    for engine, other in zip(engines[1:], others, strict=True):
        assert other == first, f"{engine.name} differs from {engines[0].name}"
    return first[0]


def error_of(function, *words):
    """The class of the error that a call raises; its message must hold the words."""
    try:
        function()
    except Exception as error:
        for word in words:
            assert word in str(error), f"{word!r} is not in: {error}"
        return type(error)
    return None


def caught_warnings(function):
    """What a call warns of, as `warnings` records it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function()
    return caught


def warnings_of(function):
    """The texts of the warnings that a call gives."""
    return [str(each.message) for each in caught_warnings(function)]


def warning_classes_of(function):
    """The classes of the warnings that a call gives."""
    return [each.category for each in caught_warnings(function)]


@dataclass
class Sample:
    """A function of torch's and arguments to call it with, in nested lists too."""

    function: object
    args: tuple
    kwargs: dict


def compare_gradients(sample, second=True):
    """Assert that our engine and torch's agree on a sample.

    Where torch can't take second derivatives, the first are compared alone. Where torch
    has None for a gradient we may have zeros, and the other way round: both say that
    nothing depends on that input.
    """
    compare_with(sample, *torchs_gradients(sample, second))


def torchs_gradients(sample, second=True):
    """What torch gives on a sample, and whether gradients of gradients are among it.

    They are asked for with `second`, and torch can't take all of them.
    """
    try:
        return run(TORCHS, sample, second), second
    except (RuntimeError, NotImplementedError) as error:
        if not second or "derivative" not in str(error):
            raise
        return run(TORCHS, sample, False), False


def compare_with(sample, wanted, second):
    """Assert that our engine gives what torch did, gradients recorded if `second`."""
    found = run(OURS, sample, second)
    for what in ("values", "gradients", *["second"] * second):
        assert_same(found[what], wanted[what], what)


def run(engine, sample, second):
    """What a sample gives on one engine: values, gradients, gradients of gradients."""
    args, kwargs = tree_map(engine.copy, (sample.args, sample.kwargs))
    leaves = engine.differentiable((args, kwargs))
    seed(1)
    result = sample.function(*args, **kwargs)
    outputs = engine.differentiable(result)
    found = {"values": raws_of(result), "gradients": [], "second": []}
    if not outputs or not leaves:
        return found
    gradients = gradients_of(engine, outputs, leaves, 2, second)
    found["gradients"] = raws_of(gradients)
    again = engine.differentiable(gradients)
    if second and again:
        found["second"] = raws_of(gradients_of(engine, again, leaves, 3, False))
    return found


def raws_of(tree):
    """All arrays of a result as raw arrays; other results as they are."""
    return [raw(each) if is_tensor(each) else each for each in tree_flatten(tree)[0]]


def seed(number):
    """Seed the CPU; torch.manual_seed takes half of a test to tell idle devices."""
    torch.default_generator.manual_seed(number)


def gradients_of(engine, outputs, leaves, number, create_graph):
    """Gradients of the outputs, each weighed with numbers drawn from a seed."""
    seed(number)
    weights = [
        torch.randn(each.shape, dtype=each.dtype).to(raw(each).device)
        for each in outputs
    ]
    return engine.grad(
        outputs, leaves, weights, create_graph=create_graph, allow_unused=True
    )


def assert_same(found, wanted, what):
    """Assert that two lists of arrays agree; None stands for zeros."""
    if what == "second" and not (found and wanted):
        assert all(is_nothing(each) for each in found + wanted), (found, wanted)
        return
    assert len(found) == len(wanted), f"{len(found)} {what}, torch has {len(wanted)}"
    for ours, theirs in zip(found, wanted, strict=True):
        if ours is None or theirs is None:
            assert is_nothing(ours) and is_nothing(theirs), (what, ours, theirs)
        elif isinstance(theirs, torch.Tensor):
            torch.testing.assert_close(
                ours, theirs, equal_nan=True, msg=lambda text: f"{what}: {text}"
            )
        else:
            assert ours == theirs, (what, ours, theirs)


def is_nothing(gradient):
    """Whether a gradient is None or zeros, but for rounding of numbers of some size."""
    if gradient is None:
        return True
    rounding = 100 * torch.finfo(gradient.dtype).eps
    return not (~(gradient.abs() <= rounding)).count_nonzero()
