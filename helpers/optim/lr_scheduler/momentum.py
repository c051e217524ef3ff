"""The momentum of an optimizer, which two schedulers move against the rate."""

from helpers.optim.lr_scheduler.rates import per_group
from helpers.optim.lr_scheduler.scheduler import LRScheduler


class MomentumScheduler(LRScheduler):
    """Base class of schedulers that set the momentum too, or the first of the betas.

    A subclass has `momenta`, and says `cycle_momentum`.
    """

    recomputes = True
    sets_own_rates = True

    def _begin_momentum(self, base_momentum, max_momentum, begins):
        """Note which option is the momentum; set it to its highest, if it begins.

        Returns the lowest and the highest, one a group. Raises: `ValueError` if the
        optimizer has neither option.
        """
        defaults = self.optimizer.defaults
        if "momentum" not in defaults and "betas" not in defaults:
            raise ValueError(
                "optimizer must support momentum or beta1 with `cycle_momentum` option "
                f"enabled, and {type(self.optimizer).__name__} has neither: pass "
                "cycle_momentum=False"
            )
        self.use_beta1 = "betas" in defaults
        lows = per_group("base_momentum", self.optimizer, base_momentum)
        highs = per_group("max_momentum", self.optimizer, max_momentum)
        for group, low, high in zip(
            self.optimizer.param_groups, lows, highs, strict=True
        ):
            if begins or "max_momentum" not in group:
                group["max_momentum"], group["base_momentum"] = high, low
            if begins:
                self._put_momentum(group, high)
        return lows, highs

    def _put_momentum(self, group, value):
        """Set the momentum of a group, or the first of its betas."""
        if self.use_beta1:
            group["betas"] = (value, *group["betas"][1:])
        else:
            group["momentum"] = value

    def momenta(self) -> list:
        """The momentum of epoch `last_epoch`, one a group."""
        raise NotImplementedError(
            f"{type(self).__name__} has no momenta: write momenta(self), a list"
        )

    def _update_lr(self, epoch=None):
        super()._update_lr(epoch)
        self._restore_momentum()

    def _restore_momentum(self):
        """Give the optimizer the momentum of `last_epoch`, once there is one."""
        if not self.cycle_momentum or self.last_epoch < 0:
            return
        for group, value in zip(
            self.optimizer.param_groups, self.momenta(), strict=True
        ):
            self._put_momentum(group, value)
