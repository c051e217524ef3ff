"""Losses and right answers, summed over batches of different sizes."""

from dataclasses import asdict, dataclass


@dataclass
class Totals:
    """Sums over the samples seen so far."""

    loss: float = 0.0
    samples: float = 0
    right: int = 0
    classified: int = 0  # targets that are classes

    def add(self, loss, samples, outputs, targets):
        """Add a batch: its mean loss weighs as its samples do."""
        self.loss += loss * samples
        self.samples += samples
        outputs, targets = outputs.data, targets.data
        if outputs.dim() == targets.dim() + 1 and not targets.is_floating_point():
            self.right += int((outputs.argmax(1) == targets).sum())
            self.classified += targets.numel()

    def mean_loss(self):
        """The mean over all samples."""
        return self.loss / self.samples

    def accuracy(self):
        """The share of right classes, or None where targets aren't classes."""
        return self.right / self.classified if self.classified else None

    def state_dict(self):
        """The sums, for a checkpoint."""
        return asdict(self)


def mean_of(loss, criterion, samples):
    """The mean loss of a batch, also of a criterion that sums."""
    return loss / samples if sums(criterion) else loss


def sums(criterion):
    """Whether a criterion sums over a batch's samples, where most take the mean."""
    return getattr(criterion, "reduction", "mean") == "sum"
