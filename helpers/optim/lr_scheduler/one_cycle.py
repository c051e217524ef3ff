"""One way up and one down, momentum against it: OneCycleLR."""

import math

from helpers.optim.base.options import check_finite
from helpers.optim.lr_scheduler.checks import (
    check_choice,
    check_optimizer,
    check_span,
)
from helpers.optim.lr_scheduler.momentum import MomentumScheduler
from helpers.optim.lr_scheduler.rates import per_group

UP = dict(start_lr="initial_lr", end_lr="max_lr",
          start_momentum="max_momentum", end_momentum="base_momentum")  # fmt: skip
DOWN = dict(start_lr="max_lr", end_lr="min_lr",
            start_momentum="base_momentum", end_momentum="max_momentum")  # fmt: skip
BACK = {**DOWN, "end_lr": "initial_lr"}
OUT = dict(start_lr="initial_lr", end_lr="min_lr",
           start_momentum="max_momentum", end_momentum="max_momentum")  # fmt: skip


class OneCycleLR(MomentumScheduler):
    """The rate up to max_lr, then down to almost nothing, once in the whole run.

    Args:
        optimizer: ours or torch's.
        max_lr: number, the highest rate; or a list with one for each group.
        total_steps: int from 1 up, steps of the whole run; None (None), then
            epochs * steps_per_epoch.
        epochs: int from 1 up (None).
        steps_per_epoch: int from 1 up (None), batches of an epoch.
        pct_start: number from 0 to 1 (0.3), the part of the run on the way up.
        anneal_strategy: "cos" (the default) or "linear".
        cycle_momentum: bool (True), whether momentum, or the first of the betas, goes
            down as the rate goes up.
        base_momentum: number (0.85), the lowest momentum; or a list.
        max_momentum: number (0.95), the highest momentum; or a list.
        div_factor: number, not 0 (25.0): the first rate is max_lr / div_factor.
        final_div_factor: number, not 0 (1e4): the last rate is the first one divided by
            that.
        three_phase: bool (False), whether the way down is two: as long as the way up,
            back to the first rate, and from there to the last.
        last_epoch: int (-1), the last step that was made; -1 begins.

    Call `step` after each batch. "initial_lr", "max_lr", "min_lr" and the bounds of the
    momentum are kept in the groups, where torch keeps them.

    Raises: `ValueError` or `TypeError` for what makes no sense; `ValueError` at a step
    beyond the last one.

    Source: `torch.optim.lr_scheduler.OneCycleLR`; Smith and Topin,
    "Super-convergence" (2018). Departures: loading sets rate and momentum; a way up of
    a single step, where torch divides by zero, is at its end. Chapter 09 shows it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> cycle = OneCycleLR(optimizer, 1.0, total_steps=5, pct_start=0.6, div_factor=4,
    ...                    anneal_strategy="linear", cycle_momentum=False)
    >>> rates = []
    >>> for _ in range(5):
    ...     rates += [round(rate, 4) for rate in cycle.get_last_lr()]
    ...     optimizer.step(); cycle.step()
    >>> rates
    [0.25, 0.625, 1.0, 0.5, 0.0]
    """

    saved_too = ("_schedule_phases",)
    sets_initial_lr = True

    def __init__(self, optimizer, max_lr, total_steps=None, epochs=None,
                 steps_per_epoch=None, pct_start=0.3, anneal_strategy="cos",
                 cycle_momentum=True, base_momentum=0.85, max_momentum=0.95,
                 div_factor=25.0, final_div_factor=1e4, three_phase=False,
                 last_epoch=-1):  # fmt: skip
        check_optimizer(optimizer)
        self.optimizer = optimizer
        self.total_steps = steps_in_all(total_steps, epochs, steps_per_epoch)
        check_span("pct_start", pct_start, "pct_start, a part of the run,")
        check_choice("anneal_strategy", anneal_strategy, ("cos", "linear"))
        self._schedule_phases = phases(self.total_steps, pct_start, three_phase)
        self._anneal_func_type = anneal_strategy
        self.cycle_momentum = cycle_momentum
        begins = last_epoch == -1
        self._set_bounds(max_lr, div_factor, final_div_factor, begins)
        if cycle_momentum:
            self._begin_momentum(base_momentum, max_momentum, begins)
        super().__init__(optimizer, last_epoch)

    def _set_bounds(self, max_lr, div_factor, final_div_factor, begins):
        """Put the first, the highest and the last rate into each group."""
        for name, value in (
            ("div_factor", div_factor),
            ("final_div_factor", final_div_factor),
        ):
            check_finite(name, value)
            if value == 0:
                raise ValueError(
                    f"Invalid {name} value: 0. A rate is divided by {name}: set it to "
                    "25, say, or leave it out"
                )
        highest = per_group("max_lr", self.optimizer, max_lr)
        for group, high in zip(self.optimizer.param_groups, highest, strict=True):
            if begins or ("initial_lr" in group and "max_lr" not in group):
                group["initial_lr"] = high / div_factor
                group["max_lr"] = high
                group["min_lr"] = group["initial_lr"] / final_div_factor

    def get_lr(self):
        """The rates at this step. Raises: `ValueError` beyond the last one."""
        self._warn_unless_stepping()
        if self.last_epoch > self.total_steps:
            raise ValueError(
                f"Tried to step {self.last_epoch} times. The specified number of total "
                f"steps is {self.total_steps}: set total_steps to the batches of the "
                "whole run, and call step() once a batch"
            )
        return self._between("start_lr", "end_lr")

    def momenta(self):
        """The momenta at this step."""
        return self._between("start_momentum", "end_momentum")

    def _between(self, start, end) -> list:
        """What lies between two options of each group, at this step of its phase."""
        phase, part = self._place()
        along = along_cosine if self._anneal_func_type == "cos" else along_line
        return [
            along(group[phase[start]], group[phase[end]], part)
            for group in self.optimizer.param_groups
        ]

    def _place(self):
        """The phase of this step, and which part of it is over."""
        begin, last = 0.0, self._schedule_phases[-1]
        for phase in self._schedule_phases:
            if self.last_epoch <= phase["end_step"] or phase is last:
                break
            begin = phase["end_step"]
        length = phase["end_step"] - begin
        return phase, (self.last_epoch - begin) / length if length else 1.0


def along_cosine(start, end, part):
    """Half a cosine from start to end."""
    return end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1)


def along_line(start, end, part):
    """A line from start to end."""
    return (end - start) * part + start


def steps_in_all(total_steps, epochs, steps_per_epoch) -> int:
    """The steps of the whole run, as they are given or as epochs of so many."""
    if total_steps is not None:
        return positive("total_steps", total_steps)
    if epochs is None or steps_per_epoch is None:
        raise ValueError(
            "You must define either total_steps OR (epochs AND steps_per_epoch): given "
            f"are epochs={epochs} and steps_per_epoch={steps_per_epoch}. Set "
            "total_steps=epochs * len(loader)"
        )
    count = positive("steps_per_epoch", steps_per_epoch)
    return positive("epochs", epochs) * count


def positive(name, value) -> int:
    """An integer from 1 up, or `ValueError`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(
            f"Expected positive integer {name}, but got {value!r}: set {name} to a "
            "number of batches or epochs, such as len(loader)"
        )
    return value


def phases(total_steps, part, three_phase) -> list[dict]:
    """The phases: the step at which each ends, and what it leads from and to."""
    top, last = float(part * total_steps) - 1, total_steps - 1
    if not three_phase:
        return [{"end_step": top, **UP}, {"end_step": last, **DOWN}]
    back = float(2 * part * total_steps) - 2
    return [
        {"end_step": top, **UP},
        {"end_step": back, **BACK},
        {"end_step": last, **OUT},
    ]
