"""What a training run leaves behind: its figures, epoch by epoch."""

from dataclasses import asdict, dataclass, field


@dataclass
class History:
    """The figures of each complete epoch, in lists that grow together.

    Args:
        loss: the mean training loss over all samples of an epoch.
        accuracy: the share of right classes while training, in [0, 1]; stays empty if
            targets aren't classes.
        rate: the first learning rate, as the last step of the epoch used it.
        validation_loss, validation_accuracy: the same on the validation data; they
            stay empty without.
        interrupted: whether the user ended the run before its last epoch.

    Made by `fit`. Chapter 08 builds it.

    >>> History(loss=[0.5, 0.25]).loss[-1]
    0.25
    """

    loss: list = field(default_factory=list)
    accuracy: list = field(default_factory=list)
    rate: list = field(default_factory=list)
    validation_loss: list = field(default_factory=list)
    validation_accuracy: list = field(default_factory=list)
    interrupted: bool = False

    def state_dict(self):
        """Give the figures as plain lists, for a checkpoint."""
        state = asdict(self)
        del state["interrupted"]
        return state

    def load_state_dict(self, state):
        """Take the figures that `state_dict` gave."""
        for name, figures in state.items():
            getattr(self, name)[:] = figures
