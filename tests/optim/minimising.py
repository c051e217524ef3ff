"""Runs of LBFGS, ours and torch's, for tests: closures and what they leave."""

from dataclasses import dataclass

import torch

from tests.engines import raw
from tests.optim.optimizers import OUR_WORLDS, TORCHS


@dataclass
class Run:
    """An optimizer over parameters, with the function that it minimises."""

    world: object
    parameters: list
    optimizer: object
    function: object

    def closure(self):
        self.optimizer.zero_grad()
        loss = self.function(*self.parameters)
        loss.backward()
        return loss

    def go(self, steps=1):
        """Make steps; return copies of all parameters after each, and itself."""
        points = []
        for _ in range(steps):
            self.optimizer.step(self.closure)
            points.append([raw(each).clone() for each in self.parameters])
        return points

    @property
    def state(self):
        return self.optimizer.state[self.parameters[0]]


def run_of(world, function, *starts, **options):
    """A new run from these starts, in a world."""
    parameters = world.parameters(*starts)
    return Run(world, parameters, world.optim.LBFGS(parameters, **options), function)


def double(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def assert_goes_as_torch(function, *starts, steps=3, worlds=OUR_WORLDS, **options):
    """Assert that ours makes torch's iterates and calls, to rounding."""
    there = run_of(TORCHS, function, *starts, **options)
    expected = there.go(steps)
    for world in worlds:
        here = run_of(world, function, *starts, **options)
        torch.testing.assert_close(here.go(steps), expected, rtol=1e-10, atol=1e-10)
        for name in ("func_evals", "n_iter"):
            assert here.state.get(name, 0) == there.state.get(name, 0)
