"""Forward, backward and step as one compiled graph."""

import warnings

from helpers.autograd import no_grad
from helpers.fast.capture import Capture
from helpers.fast.compiler import Compiler
from helpers.fast.device_graph import move_state
from helpers.fast.errors import CaptureError
from helpers.fast.plain_loop import plain_loop
from helpers.fast.plan import Call, Plan
from helpers.fast.refusals import check_hooks, check_optimizer, check_steps

FEW = 3  # compilations; more are worth a warning


def compiled_step(model, criterion, optimizer, *, steps=1, before_step=None,
                  backend="inductor", options=None, cuda_graph=None,
                  fallback=False):  # fmt: skip
    """Make a function that does a whole training step as one compiled graph.

    `step(inputs, targets)` does what these lines do, and returns the loss, a tensor
    that is cut from any graph:

        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        before_step(parameters)
        optimizer.step()

    Python runs once, when the step is captured: the engine of helpers.autograd goes
    forward and back, the optimizer steps, and each operation on raw arrays is written
    down (`step.graph`). Inductor, torch.compile's compiler, makes kernels of all of
    them, as it can't of PyTorch's own loop, whose backward is not Python.

    Args:
        model: a torch.nn.Module, unchanged, or one of ours. Inputs that are a tuple or
            a list are its arguments, a dict its named ones.
        criterion: a module or function of outputs and targets that gives one number.
        optimizer: one of `helpers.optim` that holds parameters of model or criterion.
        steps: an integer from 1 up (1): with more than one, so many steps in one graph,
            over inputs and targets that are stacks of as many batches; the losses come
            as a stack too. Rates stay the same within.
        before_step: a function of the optimizer's parameters, called between backward
            and step within the graph, such as
            `lambda parameters: nn.utils.clip_grad_norm_(parameters, 1.0)` (None).
        backend: torch.compile's ("inductor"). "aot_eager" and "eager" need no compiler.
        options: a dict of torch.compile's options for inductor, which join
            {"fallback_random": True}: random numbers are those of the plain loop. With
            {"cpp_wrapper": True} tiny steps are quicker, and compile longer.
        cuda_graph: bool, whether the device records the step and replays it without
            Python. None (None): on devices that can.
        fallback: bool (False), whether a step that can't be captured or compiled is
            done by the plain loop, with a warning.

    What is left behind is what the plain loop leaves: parameters, buffers such as
    running means, and the optimizer's state, so checkpoints can be saved and the plain
    loop can go on. Only gradients are not kept. Numbers of the optimizer that are
    floats, `lr` among them, may change between calls, by a scheduler say. A change of
    shapes, of `training`, of attributes that are numbers or text, of what is frozen
    makes a new graph: `step.compilations` counts them, `step.reasons` says why each was
    made, and more than three warn. Other things that Python read (globals, attributes
    of other objects) stay as they were: call `step.forget()` after changing them.

    The first call of an optimizer whose state begins with its first step runs the graph
    as it is; the second call compiles. Shapes of batches are fixed in a graph:
    `drop_last=True` in a DataLoader spares the graph of a shorter one.

    Raises: `CaptureError`, a RuntimeError, for what can't be captured: `.item()` or
    branches on values, operations without a derivative, forward passes that change
    plain attributes, hooks around `step`, parameters of another model; and where no C++
    compiler is found. `TypeError` for optimizers that need a closure, work tensor by
    tensor or are not ours, `ValueError` for `steps` below 1
    and for options that inductor hasn't.

    Source: JAX's jit of a whole update, in PyTorch; torch.cuda.make_graphed_callables.
    Chapter 14 builds it.

    >>> import torch
    >>> from helpers import optim
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = optim.SGD(model.parameters(), lr=0.1)
    >>> step = compiled_step(model, torch.nn.MSELoss(), optimizer, backend="eager")
    >>> inputs, targets = torch.ones(4, 2), torch.zeros(4, 1)
    >>> losses = [step(inputs, targets).item() for _ in range(5)]
    >>> losses[4] < losses[0], step.compilations
    (True, 1)
    """
    check_optimizer(optimizer)
    check_steps(steps)
    given = model, criterion, optimizer, steps, before_step
    compiler = Compiler(backend, options, cuda_graph)
    return CompiledStep(given, compiler, fallback)


class CompiledStep:
    """A training step that is one graph; `compiled_step` makes it.

    Attributes: `compilations`, how many graphs were compiled; `reasons`, why, in words,
    one for each; `graph`, the latest, a torch.fx.GraphModule that prints as Python;
    `is_plain`, whether the plain loop has taken over.
    """

    def __init__(self, given, compiler, fallback=False):
        self.given, self.compiler, self.fallback = given, compiler, fallback
        self.model, self.criterion, self.optimizer = given[:3]
        self.is_plain = False
        self.compilations, self.reasons = 0, []
        self.forget()

    def __call__(self, inputs, targets):
        """One step, or `steps` of them: the loss, or a stack of losses."""
        if self.is_plain:
            return plain_loop(Plan(*self.given), inputs, targets)
        try:
            return self.graphed(inputs, targets)
        except CaptureError as error:
            if not self.fallback:
                raise
            warnings.warn(
                f"The plain loop does this step and all that follow: {error}",
                UserWarning,
                stacklevel=2,
            )
        self.is_plain = True
        return plain_loop(Plan(*self.given), inputs, targets)

    def forget(self):
        """Drop all graphs; the next call captures the step anew."""
        self.plan, self.captures, self.graph = None, [], None

    def graphed(self, inputs, targets):
        """The step as a graph."""
        check_hooks(self.optimizer)
        if self.plan is None:
            self.plan = Plan(*self.given)
            self.records = self.compiler.records(self.plan.device)
        call = self.call(inputs, targets)
        fitting = (each for each in self.captures if each.conditions.hold(call))
        capture = next(fitting, None)
        if capture is None:
            capture, call = self.capture(inputs, targets)
        with no_grad():
            losses, *added = capture.run(call)
        capture.write_added(self.plan, added)
        self.optimizer._opt_called = True  # as its schedulers want to know
        return losses

    def call(self, inputs, targets):
        """What a call takes; where the device records, all of it lies there."""
        if self.records:
            move_state(self.plan.states.find(), self.plan.device)
        return Call(self.plan, inputs, targets)

    def capture(self, inputs, targets):
        """A new graph and its call; compiled, unless it begins the state."""
        plan, reason = Plan(*self.given), self.reason(inputs, targets)
        if not plan.fits(self.plan):
            self.plan, self.captures = plan, []
            self.records = self.compiler.records(plan.device)
        call = self.call(inputs, targets)
        capture = Capture(self.plan, call)
        self.graph = capture.graph
        if capture.added:
            return capture, call  # never again: from now on the state is there
        capture.run = self.compiler.compile(capture.graph, self.plan.device)
        self.captures.insert(0, capture)
        self.count(reason)
        return capture, call

    def reason(self, inputs, targets):
        """Why a graph must be made, in words."""
        if not self.captures:
            return "the first call"
        conditions = self.captures[0].conditions
        changes = list(conditions.changes(self.call(inputs, targets)))
        return "; ".join(changes[:3])

    def count(self, reason):
        """Count a compilation; warn of too many."""
        self.compilations += 1
        self.reasons.append(reason)
        if self.compilations > FEW:
            warnings.warn(
                f"compiled_step compiles graph number {self.compilations}, which takes "
                f"seconds: {reason}. Up to {FEW} are usual. Keep the shapes of batches "
                "alike (drop_last=True in a DataLoader, or padding) and what the "
                "modules hold; `step.reasons` has them all",
                UserWarning,
                stacklevel=5,
            )
