"""A bar that says how far a run is: loss, accuracy, rate and the time left."""

from tqdm import auto, tqdm


class Progress:
    """A tqdm bar over all batches of a run; without a terminal it prints nothing.

    Args:
        run (Run): the run.
        shown (bool or None): True for a bar anywhere, a notebook too; None for one on
            a terminal alone.
    """

    def __init__(self, run, shown):
        self.run = run
        length = len(run.loader) if hasattr(run.loader.loader, "__len__") else None
        kind = auto.tqdm if shown else tqdm
        self.bar = kind(
            total=length and length * run.epochs,
            initial=(length or 0) * run.epoch + run.loader.position,
            disable=None if shown is None else not shown,
            unit="batch",
        )

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.bar.close()

    def advance(self, batches):
        """Show the figures after another few batches."""
        if not self.bar.disable:
            run, totals = self.run, self.run.totals
            accuracy = totals.accuracy()
            self.bar.set_description(f"epoch {run.epoch + 1}/{run.epochs}", False)
            figures = {"loss": f"{totals.mean_loss():.4f}", "rate": f"{run.rate():.2g}"}
            if accuracy is not None:
                figures["accuracy"] = f"{accuracy:.1%}"
            self.bar.set_postfix(figures, refresh=False)
            self.bar.update(batches)
