"""The rate up and down between two bounds: CyclicLR."""

import math

from helpers.optim.base.options import check_finite
from helpers.optim.lr_scheduler.checks import (
    check_callable,
    check_choice,
    check_optimizer,
)
from helpers.optim.lr_scheduler.momentum import MomentumScheduler
from helpers.optim.lr_scheduler.rates import copied, per_group, put_all
from helpers.optim.lr_scheduler.saving import restore_callable, saved_callable

MODES = "triangular", "triangular2", "exp_range"


class CyclicLR(MomentumScheduler):
    """The rate along a line up, and along another down, again and again.

    Args:
        optimizer: ours or torch's.
        base_lr: number, the lowest rate; or a list with one for each group.
        max_lr: number, the highest rate; or a list with one for each group.
        step_size_up: number above 0 (2000), steps of a way up.
        step_size_down: number above 0, steps of a way down; None (None), as many.
        mode: "triangular" (the default); "triangular2", each top half as high above
            base_lr as the one before; "exp_range", gamma to the number of steps.
        gamma: finite number (1.0), for "exp_range".
        scale_fn: None (None), or a function that scales the height above base_lr, in
            place of mode.
        scale_mode: "cycle" (the default) or "iterations": what scale_fn is given, the
            number of the cycle, from 1 up, or of the step, from 0 up.
        cycle_momentum: bool (True), whether momentum, or the first of the betas, goes
            down as the rate goes up.
        base_momentum: number (0.8), the lowest momentum; or a list.
        max_momentum: number (0.9), the highest momentum; or a list.
        last_epoch: int (-1), the last step that was made; -1 begins.

    Call `step` after each batch. Raises: `ValueError` or `TypeError` for what makes no
    sense, or for an optimizer without momentum.

    Source: `torch.optim.lr_scheduler.CyclicLR`; Smith, "Cyclical learning rates for
    training neural networks" (2017). Departures: the dict that is loaded keeps its
    keys, where torch takes one out; loading sets rate and momentum. Chapter 09 shows
    it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> cyclic = CyclicLR(optimizer, 0.25, 0.75, step_size_up=2, cycle_momentum=False)
    >>> rates = []
    >>> for _ in range(6):
    ...     rates += cyclic.get_last_lr()
    ...     optimizer.step(); cyclic.step()
    >>> rates
    [0.25, 0.5, 0.75, 0.5, 0.25, 0.5]
    """

    saved_too = "base_lrs", "max_lrs", "total_size", "step_ratio", "_scale_fn_custom"

    def __init__(self, optimizer, base_lr, max_lr, step_size_up=2000,
                 step_size_down=None, mode="triangular", gamma=1.0, scale_fn=None,
                 scale_mode="cycle", cycle_momentum=True, base_momentum=0.8,
                 max_momentum=0.9, last_epoch=-1):  # fmt: skip
        check_optimizer(optimizer)
        self.optimizer = optimizer
        self.base_lrs = per_group("base_lr", optimizer, base_lr)
        self.max_lrs = per_group("max_lr", optimizer, max_lr)
        self._set_sizes(step_size_up, step_size_down)
        self._set_mode(mode, gamma, scale_fn, scale_mode)
        begins = last_epoch == -1
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.base_momentums, self.max_momentums = self._begin_momentum(
                base_momentum, max_momentum, begins
            )
        if begins:
            put_all(optimizer, "lr", self.base_lrs)
        super().__init__(optimizer, last_epoch)

    def _set_sizes(self, up, down):
        """Note the steps of a cycle, and which part of it goes up."""
        down = up if down is None else down
        for name, value in (("step_size_up", up), ("step_size_down", down)):
            check_finite(name, value)
            if value <= 0:
                raise ValueError(
                    f"Invalid {name} value: {value}. {name} is a number of steps above "
                    f"0: set {name}=2000, say"
                )
        up, down = float(up), float(down)
        self.total_size = up + down
        self.step_ratio = up / self.total_size

    def _set_mode(self, mode, gamma, scale_fn, scale_mode):
        """Note what scales the height, and what it is given."""
        if scale_fn is None:
            if mode not in MODES:
                raise ValueError(
                    f"mode is invalid and scale_fn is None: mode={mode!r} is none of "
                    f"{', '.join(MODES)}. Pass one of them, or a scale_fn"
                )
            scale_mode = "iterations" if mode == "exp_range" else "cycle"
        else:
            check_callable("scale_fn", scale_fn)
        check_finite("gamma", gamma)
        check_choice("scale_mode", scale_mode, ("cycle", "iterations"))
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_custom = scale_fn
        self.scale_mode = scale_mode

    def scale_fn(self, x) -> float:
        """What scales the height above the lowest rate, in cycle or step `x`."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        if self.mode == "exp_range":
            return self.gamma**x
        return 1.0 if self.mode == "triangular" else 1 / 2.0 ** (x - 1)

    def _place(self):
        """How far between the bounds the step lies, 0 to 1, and the height's scale."""
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        part = 1.0 + self.last_epoch / self.total_size - cycle
        if part <= self.step_ratio:
            height = part / self.step_ratio
        else:
            height = (part - 1) / (self.step_ratio - 1)
        by_cycle = self.scale_mode == "cycle"
        return height, self.scale_fn(cycle if by_cycle else self.last_epoch)

    def get_lr(self):
        """The lowest rates, and a part of the way to the highest."""
        self._warn_unless_stepping()
        height, scale = self._place()
        pairs = zip(self.base_lrs, self.max_lrs, strict=True)
        return [low + (high - low) * height * scale for low, high in pairs]

    def momenta(self):
        """The highest momenta, less a part of the way to the lowest."""
        height, scale = self._place()
        pairs = zip(self.base_momentums, self.max_momentums, strict=True)
        return [high - (high - low) * height * scale for low, high in pairs]

    def _state(self):
        function = self._scale_fn_custom
        saved = None if function is None else saved_callable(function)
        return {**super()._state(), "_scale_fn_custom": saved}

    def _load(self, state_dict):
        rest = copied(state_dict)
        saved = rest.pop("_scale_fn_custom")
        super()._load(rest)
        restore_callable(self._scale_fn_custom, saved)
