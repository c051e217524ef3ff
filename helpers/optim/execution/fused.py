"""Run an update rule as one compiled kernel (fused=True).

torch's compiler turns an update rule into code that reads and writes memory once. Two
things cost time beside it. A call for each of many small tensors: so those are gathered
into one long tensor, whose state stays gathered. And the compiler itself, some seconds
at the first step: a kernel is kept, and fits as long as shapes and options stay.
"""

from itertools import chain

import torch

from helpers.optim.base.parameters import array_of
from helpers.optim.execution.compiled_rules import CompiledRules
from helpers.optim.execution.flat_buffers import FlatBuffers, SingleParameter
from helpers.optim.execution.loop import single_tensor, split_by_kind, states_of

SMALL = 16_384  # elements: below this, Python overhead exceeds kernel time
ROWS = 32  # parameters in one kernel: more take the compiler longer than they gain


def fused(optimizer, group, parameters):
    """One step of the parameters of a group, in kernels.

    A parameter's first step makes its state, and goes by the loop. Raises
    `RuntimeError` for parameters that are no real numbers.
    """
    plan = optimizer._plans.get(id(group))
    if plan is None or not plan.is_current(optimizer, parameters):
        check_real(parameters)
        fresh = [each for each in parameters if is_fresh(optimizer, group, each)]
        single_tensor(optimizer, group, fresh)
        taken = {id(each) for each in fresh}
        rest = [each for each in parameters if id(each) not in taken]
        plan = optimizer._plans[id(group)] = FusedPlan(optimizer, group, rest)
    plan.step(optimizer, group)


def check_real(parameters):
    """Raise `RuntimeError` for parameters that a kernel can't take."""
    for parameter in parameters:
        array = array_of(parameter)
        if not array.is_floating_point():
            raise RuntimeError(
                "`fused=True` requires all the params to be floating point Tensors, "
                f"and one is of {array.dtype}: leave fused out"
            )


def is_fresh(optimizer, group, parameter):
    """Whether a parameter has yet to make its first step."""
    return optimizer.has_state(group) and not optimizer.state.get(parameter)


class FusedPlan:
    """How the parameters of a group are laid out for kernels, and for how long.

    It holds until other parameters get gradients, or until somebody puts other tensors
    into the state or into a parameter.
    """

    def __init__(self, optimizer, group, parameters):
        self.ids = list(map(id, parameters))
        states = states_of(optimizer, group, parameters)
        self.batches = []
        for members, their_states in split_by_kind(parameters, states):
            self.batches.append(FusedBatch(members, their_states))
        self.states, self.seen = states, state_ids(optimizer, states)

    def is_current(self, optimizer, parameters):
        """Whether the plan is still that of these parameters and their state."""
        same = self.ids == list(map(id, parameters))
        same = same and self.seen == state_ids(optimizer, self.states)
        rows = chain.from_iterable(batch.rows for batch in self.batches)
        return same and all(row.is_current() for row in rows)

    def step(self, optimizer, group):
        """One step of all batches."""
        for batch in self.batches:
            batch.step(optimizer, group)


def state_ids(optimizer, states):
    """What tells that nobody has changed the state but its optimizer."""
    inside = chain.from_iterable(map(dict.values, states))
    return list(map(id, optimizer.state.values())), list(map(id, inside))


class FusedBatch:
    """Parameters of one device, dtype and step: small ones in flat buffers."""

    def __init__(self, parameters, states):
        self.like = array_of(parameters[0])
        self.steps = share_steps(states)
        pairs = list(zip(parameters, states, strict=True))
        small = [pair for pair in pairs if pair[0].data.numel() < SMALL]
        big = [pair for pair in pairs if pair[0].data.numel() >= SMALL]
        flat = [FlatBuffers(small)] if len(small) > 1 else []
        alone = big if flat else big + small
        self.rows = [SingleParameter(*pair) for pair in alone] + flat

    def step(self, optimizer, group):
        """One step: gather, run the kernels, scatter."""
        numbers = constants_of(optimizer, group, self.next_step(), self.like)
        optimizer._compiled = optimizer._compiled or CompiledRules(optimizer.update)
        for start in range(0, len(self.rows), ROWS):
            rows = self.rows[start : start + ROWS]
            optimizer._compiled.run([row.gather() for row in rows], group, numbers)
            for row in rows:
                row.scatter()

    def next_step(self):
        """The number of this step, from 1 up; a tensor where reading it would wait."""
        if self.steps is None:
            return None
        self.steps.add_(1)
        first = self.steps[0]
        return first.item() if first.device.type == "cpu" else first.double()


def share_steps(states):
    """Put the step counts of many parameters into one tensor, to count in one call."""
    if "step" not in states[0]:
        return None
    steps = torch.stack([state["step"] for state in states])
    for state, step in zip(states, steps, strict=True):
        state["step"] = step
    return steps


def constants_of(optimizer, group, step, like) -> dict:
    """The rate and what else changes at each step, as 0-d tensors for the kernel.

    They have the device of the arrays, and their precision, but single at least.
    """
    numbers = {"lr": group["lr"], **optimizer.step_constants(group, step)}
    values = list(numbers.values())
    if any(isinstance(each, torch.Tensor) for each in values):
        values = torch.stack([torch.as_tensor(each).to(like.device) for each in values])
    dtype = torch.promote_types(like.dtype, torch.float32)
    made = torch.as_tensor(values, dtype=dtype, device=like.device)
    return dict(zip(numbers, made.unbind(), strict=True))
