"""Random programs over tensors, run alike on our engine and on torch's.

A program is a list of steps over a growing list of tensors; a step that raises adds no
tensor. After each, every value, gradient and error of one engine must be the other's.
"""

import contextlib
from dataclasses import dataclass, field

import torch
from hypothesis import strategies as st

from tests.engines import ENGINES

SHAPES = [(), (3,), (2, 3), (1, 3), (2, 1)]
UNARY = {
    "sin": lambda t: t.sin(),
    "tanh": lambda t: t.tanh(),
    "square": lambda t: t * t,
    "scale": lambda t: t * 0.5,
    "detach": lambda t: t.detach(),
    "clone": lambda t: t.clone(),
    "sum": lambda t: t.sum(),
    "mean": lambda t: t.mean(0, keepdim=True),
    "gather": lambda t: t[[0, 0]],
}
VIEWS = {
    "select": lambda t: t[0],
    "slice": lambda t: t[..., 1:],
    "new": lambda t: t[None],
    "flat": lambda t: t.view(-1),
    "turned": lambda t: t.transpose(0, 1),
    "stretched": lambda t: t.expand(2, 3),
    "diagonal": lambda t: t.diagonal(),
    "again": lambda t: t[...],
}
BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "maximum": lambda a, b: a.maximum(b),
}
IN_PLACE = {
    "add_": lambda a, b: a.add_(b),
    "mul_": lambda a, b: a.mul_(b),
    "copy_": lambda a, b: a.copy_(b),
    "sin_": lambda a, b: a.sin_(),
    "tanh_": lambda a, b: a.tanh_(),
    "halve": lambda a, b: a.mul_(0.5),
    "zero_": lambda a, b: a.zero_(),
    "first": lambda a, b: a.__setitem__(0, b),
    "places": lambda a, b: a.__setitem__([1, 0], b),
    "mask": lambda a, b: a.__setitem__(a > 0, 0.5),
}


@dataclass
class Run:
    """A program at work on one engine: its tensors, and what happened at each step."""

    engine: object
    tensors: list = field(default_factory=list)
    events: list = field(default_factory=list)
    hooks: list = field(default_factory=list)

    def start(self, shapes):
        """Make a leaf of each shape."""
        torch.default_generator.manual_seed(0)
        for shape in shapes:
            raw = torch.randn(shape, dtype=torch.float64)
            self.tensors.append(self.engine.leaf_of(raw))

    def step(self, step):
        """Run one step; note what came of it, an error's class too."""
        kind, recorded, *arguments = step
        where = contextlib.nullcontext if recorded else self.engine.no_grad
        try:
            with where():
                made = getattr(self, kind)(*arguments)
            self.tensors += made or ()
            self.events.append("done")
        except Exception as error:  # whatever torch raises, we are to raise
            self.events.append(type(error).__name__)

    def fault_of_step(self, step):
        """What a step raises on copies without a graph.

        A step may be wrong twice, for its graph and for its shapes; which of the two is
        told first is open.
        """
        if "done" == self.events[-1]:
            return None
        plain = Run(self.engine, [each.detach().clone() for each in self.tensors])
        plain.step(step)
        return plain.events[-1]

    def at(self, place):
        """A tensor of the program, counted from the last; every number is a place."""
        return self.tensors[-1 - place % len(self.tensors)]

    def unary(self, name, i):
        return [UNARY[name](self.at(i))]

    def view(self, name, i):
        return [VIEWS[name](self.at(i))]

    def pieces(self, i):
        return list(self.at(i).unbind())

    def binary(self, name, i, j):
        return [BINARY[name](self.at(i), self.at(j))]

    def change(self, name, i, j):
        IN_PLACE[name](self.at(i), self.at(j))

    def require(self, i):
        if not self.at(i).requires_grad:
            self.at(i).requires_grad_()

    def retain(self, i):
        self.at(i).retain_grad()

    def hook(self, i, factor):
        # torch's hooks are called for an output that no gradient came to, with None.
        def scale(grad):
            return None if grad is None else grad * factor

        self.hooks.append(self.at(i).register_hook(scale))

    def unhook(self, i):
        if self.hooks:
            self.hooks[i % len(self.hooks)].remove()

    def backward(self, i, keep):
        root = self.at(i)
        root.backward(torch.ones(root.shape, dtype=torch.float64), retain_graph=keep)

    def twice(self, i):
        """The gradient's own gradient, by way of a graph of the backward pass."""
        root = self.at(i)
        self.tensors[0].grad = None
        root.backward(torch.ones(root.shape, dtype=torch.float64), create_graph=True)
        if self.tensors[0].grad.requires_grad:
            (self.tensors[0].grad.sin()).sum().backward(retain_graph=True)

    def facts(self):
        """All that can be compared: a tuple of arrays and plain values a tensor."""
        return [facts_of(each) for each in self.tensors]


def facts_of(tensor):
    """A tensor's values, state and gradient, or the class of the error on asking."""
    try:
        name = tensor.grad_fn and tensor.grad_fn.name()
        state = tensor.requires_grad, tensor.is_leaf, str(name).endswith("CopySlices")
    except RuntimeError as error:
        state = type(error).__name__
    gradient = tensor._grad  # without the warning for non-leaves
    return tensor.data, state, None if gradient is None else gradient.data


def run_program(shapes, steps):
    """Run a program on torch and on our engine; assert after each step that they agree.

    A backward that raises ends the program: what it had done by then is not defined.
    """
    ours, theirs = runs = [Run(engine) for engine in ENGINES]
    for run in runs:
        run.start(shapes)
    ends = [("backward", True, place, True) for place in range(2 * len(steps))]
    for step in [*steps, *ends]:
        for run in runs:
            run.step(step)
        if ours.events[-1] != theirs.events[-1]:
            assert theirs.fault_of_step(step) == ours.events[-1], (step, theirs.events)
            ours.events[-1] = theirs.events[-1]
        if step[0] in ("backward", "twice") and theirs.events[-1] != "done":
            return theirs.events
        assert_alike(ours.facts(), theirs.facts(), step)
    return theirs.events


def assert_alike(ours, theirs, step):
    """Assert that all tensors of both runs agree in values, state and gradients."""
    assert len(ours) == len(theirs), step
    for place, (mine, wanted) in enumerate(zip(ours, theirs, strict=True)):
        for what, a, b in zip(("data", "state", "grad"), mine, wanted, strict=True):
            assert is_alike(a, b), (  # printing a tensor takes longer than comparing it
                f"after {step}: {what} of tensor {place}: {a} is not torch's {b}"
            )


def is_alike(ours, theirs):
    """Whether two arrays hold the same numbers; all else must be equal."""
    if isinstance(ours, torch.Tensor) and isinstance(theirs, torch.Tensor):
        same_shape = ours.shape == theirs.shape
        return same_shape and torch.allclose(ours, theirs, equal_nan=True)
    return type(ours) is type(theirs) and ours == theirs


PLACES = st.integers(0, 30)
RECORDED = st.sampled_from([True, True, True, True, False])


def of(kind, *strategies, recorded=RECORDED):
    """Steps of one kind, one in five of them under no_grad."""
    return st.tuples(st.just(kind), recorded, *strategies)


STEPS = st.one_of(
    of("unary", st.sampled_from(sorted(UNARY)), PLACES),
    # Of views taken under no_grad torch says what is not so; see test_views.
    of("view", st.sampled_from(sorted(VIEWS)), PLACES, recorded=st.just(True)),
    of("pieces", PLACES, recorded=st.just(True)),
    of("binary", st.sampled_from(sorted(BINARY)), PLACES, PLACES),
    of("change", st.sampled_from(sorted(IN_PLACE)), PLACES, PLACES),
    of("require", PLACES),
    of("retain", PLACES),
    of("hook", PLACES, st.sampled_from([2.0, -1.0])),
    of("unhook", PLACES),
    of("backward", PLACES, st.booleans()),
    of("twice", PLACES),
)
programs = st.tuples(
    st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3),
    st.lists(STEPS, min_size=3, max_size=25),
)
