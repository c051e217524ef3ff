"""One run of a training step with stand-ins, while its operations are written down.

With this module one can: run forward, backward and step on whatever arrays are handed
over (`Rehearsal`), so that `torch.fx` sees every operation.
"""

from collections import defaultdict

import torch

from helpers.autograd import Tensor, set_grad_enabled
from helpers.fast.arrays import is_module
from helpers.fast.batch import called_with, rebuilt
from helpers.fast.errors import CaptureError
from helpers.fast.plain_loop import parameters_of
from helpers.nn.functional_call import functional_call
from helpers.nn.parameter import Parameter
from helpers.optim.base.parameters import is_parameter
from helpers.optim.execution.places import with_places_of_state
from helpers.optim.execution.traced import traced

EAGER = dict(foreach=False, fused=False, capturable=False, differentiable=False)


class Rehearsal:
    """A training step as a function of arrays, which `make_fx` can trace.

    Args:
        plan: what `compiled_step` was given, a `Plan`.
        batch: inputs and targets of a call, for their form.

    After it was called: `assumptions` are the comparisons that rules made of numbers,
    `added` the places and names of state that wasn't there before.
    """

    def __init__(self, plan, batch):
        self.plan, self.batch = plan, batch
        self.assumptions, self.added = [], []

    def __call__(self, arrays, states, numbers, leaves):
        """The losses of the steps, and the state that they added."""
        self.tensors = list(map(stand_in, self.plan.tensors.each, arrays))
        self.optimizer = self.optimizer_of(states, numbers)
        losses = [self.step(rows) for rows in self.batches(leaves)]
        added = self.new_state()
        return [losses[0] if self.plan.steps == 1 else torch.stack(losses), *added]

    def batches(self, leaves):
        """The tensors of each step's batch."""
        if self.plan.steps == 1:
            return [leaves]
        return [[leaf[place] for leaf in leaves] for place in range(self.plan.steps)]

    def step(self, leaves):
        """One step: the loss, as a raw array."""
        for tensor in self.tensors:
            tensor.grad = None
        inputs, targets = rebuilt(self.batch, iter(leaves))
        with set_grad_enabled(True):
            loss = self.loss(inputs, targets)
            check_loss(loss)
            loss.backward()
        if self.plan.before_step is not None:
            self.plan.before_step(parameters_of(self.optimizer))
        self.update()
        return loss.data

    def loss(self, inputs, targets):
        """The forward pass."""
        arguments, named = called_with(inputs)
        outputs = self.call(self.plan.model, 0, arguments, named)
        return self.call(self.plan.criterion, 1, (outputs, targets), {})

    def call(self, function, which, arguments, named):
        """Call model or criterion with stand-ins; a buffer that it replaced is kept."""
        if not is_module(function):
            return function(*arguments, **named)
        places = self.plan.tensors.names[which]
        given = {name: self.tensors[place] for name, place in places.items()}
        result = functional_call(function, given, arguments, named, tie_weights=False)
        for name, place in places.items():
            if given[name] is not self.tensors[place]:
                self.tensors[place].data.copy_(raw(given[name]))
        return result

    def optimizer_of(self, states, numbers):
        """A copy of the optimizer that holds stand-ins, and numbers in an array."""
        optimizer, plan = object.__new__(type(self.plan.optimizer)), self.plan
        vars(optimizer).update(vars(plan.optimizer))
        optimizer.init_state = self.init_state
        values = plan.numbers.in_groups(numbers, self.assumptions)
        optimizer.param_groups = [
            {**group, **own, **EAGER, "params": [self.tensors[p] for p in places]}
            for group, own, places in zip(
                plan.optimizer.param_groups, values, plan.groups, strict=True
            )
        ]
        optimizer.state = self.states(iter(states))
        return optimizer

    def states(self, arrays):
        """State by stand-in; `self.before` holds each dict and what it began with."""
        found, self.before = defaultdict(dict), []
        for group, places in zip(
            self.plan.optimizer.param_groups, self.plan.groups, strict=True
        ):
            for parameter, place in zip(group["params"], places, strict=True):
                own = self.plan.optimizer.state.get(parameter, {})
                first = {n: next(arrays) for n, v in own.items() if is_parameter(v)}
                self.before.append((parameter, self.tensors[place], first))
                if first:
                    found[self.tensors[place]] = dict(first)
        return found

    def init_state(self, parameter, group):
        """The state of a parameter before its first step, from the numbers of now."""
        optimizer = self.plan.optimizer
        groups = zip(optimizer.param_groups, self.plan.groups, strict=True)
        for real, places in groups:
            if any(self.tensors[place] is parameter for place in places):
                return type(optimizer).init_state(optimizer, parameter, real)
        raise AssertionError("every parameter stands in a group")

    def update(self):
        """The optimizer's step."""
        for group in self.optimizer.param_groups:
            having = [p for p in group["params"] if p.grad is not None]
            if having:
                self.optimizer.check_parameters(having)
                gradients = [p.grad for p in having]
                try:
                    traced(self.optimizer, group, having, gradients)
                except RuntimeError as error:
                    raise with_places_of_state(error, self.optimizer) from error

    def new_state(self):
        """State that wasn't there before; the rest has changed in place."""
        found = []
        for parameter, tensor, first in self.before:
            for name, value in self.optimizer.state.get(tensor, {}).items():
                if name not in first:
                    self.added.append((parameter, name))
                    found.append(value)
        return found


def stand_in(tensor, array):
    """A Tensor of ours in the place of a parameter or buffer."""
    if isinstance(tensor, torch.nn.Parameter | Parameter):
        return Parameter(array, tensor.requires_grad)
    return Tensor(array)


def raw(tensor):
    """The array of a Tensor of ours; torch's as it is."""
    return tensor.data if isinstance(tensor, Tensor) else tensor


def check_loss(loss):
    """Raise `CaptureError` unless a loss is one number that depends on parameters."""
    if isinstance(loss, Tensor) and loss.requires_grad and loss.data.numel() == 1:
        return
    shape = tuple(loss.shape) if hasattr(loss, "shape") else type(loss).__name__
    raise CaptureError(
        f"criterion(model(inputs), targets) gave {shape}. A step needs a loss of one "
        "element that depends on a parameter which requires grad: reduce it, with "
        ".mean() say, and look whether all is frozen"
    )
