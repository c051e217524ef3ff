"""Mistakes that an optimizer must refuse, and what its three-part message says.

Each is a name, a function of a world that makes the mistake, and parts of our message:
the first stand in torch's too, if it refuses; then what was given, what is allowed, and
what to do.
"""

import torch

from tests.engines import raw


def one(world):
    """A parameter of one element."""
    return world.leaf(1.0)


def with_options(method, **options):
    """A mistake: an optimizer with these options."""
    return lambda world: world.make(method, [one(world)], **options)


def with_params(form):
    """A mistake: SGD over a form of parameters."""
    return lambda world: world.make("SGD", form(world), lr=0.1)


def used_up(world):
    generator = iter([one(world)])
    list(generator)
    return generator


def module(world):
    return torch.nn.Linear(2, 1)


def shared(world):
    parameter = one(world)
    return [{"params": [parameter]}, {"params": [parameter]}]


def half_named(world):
    return [("a", one(world)), one(world)]


def one_named_group(world):
    return [{"params": [one(world)]}, {"params": [("a", one(world))]}]


FORMS = {
    "nothing": (
        lambda world: [],
        "optimizer got an empty parameter list",
        "needs one parameter at least",
        "call it again for each optimizer",
    ),
    "a used generator": (used_up, "optimizer got an empty parameter list", "gives its"),
    "a bare parameter": (
        one,
        "params argument given to the optimizer should be an iterable of Tensors or "
        "dicts, but got",
        "put it into a list",
    ),
    "a bare tensor": (
        lambda world: world.tensor(torch.ones(2)),
        "params argument given to the optimizer should be an iterable",
        "Tensor",
        "put it into a list",
    ),
    "a set in a group": (
        lambda world: [{"params": {one(world)}}],
        "optimizer parameters need to be organized in ordered collections",
        "sets will change between runs",
        "use a list",
    ),
    "a non-leaf": (
        lambda world: [one(world) * 2],
        "can't optimize a non-leaf Tensor",
        "computed from others",
        "Pass the leaves it is made of",
    ),
    "a number": (
        lambda world: [one(world), 3.0],
        "optimizer can only optimize Tensors, but one of the params is float",
        "pass model.parameters()",
    ),
    "a string": (
        lambda world: "weights",
        "optimizer can only optimize Tensors, but one of the params is str",
        "pass model.parameters()",
    ),
    "parameters in two groups": (
        shared,
        "some parameters appear in more than one parameter group",
        "move them once for each",
        "Leave them out of all groups but one",
    ),
    "a group that is no dict": (
        lambda world: [{"params": [one(world)]}, [one(world)]],
        "param_group must be a dict, but got <class 'list'>",
        "pass {'params':",
    ),
    "some names missing": (
        half_named,
        "all optimizer params should be with/without names. Some param names are "
        "missing",
        "1 of 2 have one",
        "named_parameters()",
    ),
    "one group with names": (
        one_named_group,
        "all optimizer param groups should be with/without names. cannot add param "
        "group with names to the optimizer",
        "for all groups",
    ),
}
# The class is torch's, the words are ours alone.
OWN_WORDS = {
    "a group without params": (
        lambda world: [{"lr": 0.1}],
        "a parameter group needs 'params'",
        "this one has ['lr']",
        "add 'params': model.parameters()",
    ),
    "a model": (module, "Linear", "iterable of Tensors or dicts", "model.parameters()"),
    "a number alone": (
        lambda world: 3,
        "int",
        "iterable of Tensors or dicts",
        "pass model.parameters()",
    ),
    "a number as a group's parameters": (
        lambda world: [{"params": 3}],
        "one of the params is int",
        "can only optimize Tensors",
        "pass model.parameters()",
    ),
}
NUMBERS = {  # what torch calls them, by the name of the option
    "SGD": {"lr": "learning rate", "momentum": "momentum value"},
    "Adagrad": {"lr": "learning rate", "lr_decay": "lr_decay value"},
    "RMSprop": {"lr": "learning rate", "alpha": "alpha value"},
    "Adam": {"lr": "learning rate"},
    "AdamW": {"lr": "learning rate"},
}
for method, numbers in NUMBERS.items():
    numbers["weight_decay"] = "weight_decay value"
    numbers.update({} if method == "SGD" else {"eps": "epsilon value"})
NUMBERS["Adagrad"]["initial_accumulator_value"] = "initial_accumulator_value value"
NUMBERS["RMSprop"]["momentum"] = "momentum value"
OUT_OF_RANGE = [
    (method, option, called)
    for method, numbers in NUMBERS.items()
    for option, called in numbers.items()
]


ABOUT_NESTEROV = "Nesterov momentum requires a momentum and zero dampening"
PAIR = torch.tensor(0.9), torch.tensor(0.9)
OPTIONS = [  # method, options, torch's words and then ours
    ("SGD", {"nesterov": True}, ABOUT_NESTEROV, "momentum=0 and", "set momentum=0.9"),
    (
        "SGD",
        {"nesterov": True, "momentum": 0.9, "dampening": 0.1},
        ABOUT_NESTEROV,
        "dampening=0.1",
        "leave dampening out, or drop nesterov=True",
    ),
    ("Adam", {"lr": torch.ones(2)}, "Tensor lr must be 1-element", "(2,)", "pass a"),
    (
        "Adam",
        {"betas": (1.0, 0.9)},
        "Invalid beta parameter at index 0: 1.0",
        "from 0 up to, but not including, 1",
        "choose another",
    ),
    (
        "AdamW",
        {"betas": (0.9, -0.5)},
        "Invalid beta parameter at index 1: -0.5",
        "from 0 up to, but not including, 1",
        "set betas[1]=0.5",
    ),
    (
        "Adam",
        {"betas": (0.9, torch.tensor(0.9))},
        "betas must be either both floats or both Tensors",
        "float and Tensor",
        "write both alike",
    ),
    (
        "Adam",
        {"betas": PAIR, "foreach": True},
        "betas[0] as a Tensor is not supported for capturable=False and foreach=True",
        "pass a number, or leave foreach out",
    ),
    (
        "AdamW",
        {"lr": torch.tensor(0.1), "foreach": True},
        "lr as a Tensor is not supported for capturable=False and foreach=True",
        "pass a number, or leave foreach out",
    ),
    *(
        (method, {"fused": True, other: True}, words, "Drop")
        for method in ("SGD", "Adagrad", "Adam", "AdamW")
        for other, words in (
            ("foreach", "`fused` and `foreach` cannot be `True` together"),
            ("differentiable", "`fused` does not support `differentiable`"),
        )
    ),
]
OWN_WORDS_ON_OPTIONS = [  # the class is torch's
    ("SGD", {"lr": None}, "Invalid learning rate: None", "is a number", "set lr=0.1"),
    ("Adam", {"lr": 1j}, "1j of type complex", "is a number", "set lr=0.1"),
    ("Adam", {"betas": 0.9}, "Invalid betas: 0.9", "a pair", "pass betas=(0.9, 0.999)"),
    ("Adam", {"betas": ("a", 0.9)}, "index 0: 'a' of type str", "is a number", "set"),
]


def steps(world, optimizer):
    """Run one step with a gradient in each parameter."""
    for group in optimizer.param_groups:
        for each in group["params"]:
            each.grad = world.tensor(torch.ones_like(raw(each)))
    optimizer.step()
