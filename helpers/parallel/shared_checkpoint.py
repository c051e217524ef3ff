"""Where `fit` saves a run on many ranks: rank 0 writes, and the others wait for it."""

from contextlib import ExitStack

from helpers.parallel.checkpoint import load_from, on_rank_0, save_in


class SharedCheckpoint:
    """A checkpoint that all ranks share, for `fit`; a `DataParallel` makes it.

    It has the methods of the place that it stands for, and every rank must call them.
    Inside of a `with` block rank 0 holds the file, so that no other run writes there.

    Args:
        place: a `CheckpointFile` or `CheckpointFolder`, the same on every rank.

    Raises:
        CheckpointError, OSError: as the place; where they come from rank 0, every rank
            raises.
        ParallelError: a rank doesn't call.

    Chapter 15 builds what it stands on.
    """

    def __init__(self, place):
        self.place = place
        self._opened = ExitStack()

    def __enter__(self):
        on_rank_0(self._hold, f"hold {self.place.path}")
        return self

    def _hold(self):
        """Keep other runs away, until the block's end."""
        self._opened.enter_context(self.place)

    def __exit__(self, *exception):
        self._opened.close()

    def newest(self):
        """Give the path of the newest checkpoint that rank 0 sees, or None."""
        return on_rank_0(self.place.newest, f"look at {self.place.path}")

    def save(self, *, loader=None, epoch=0, extra=None, **parts):
        """Save a run: the keywords of `helpers.parallel.save`."""
        save_in(self.place, loader, epoch, extra, parts)

    def load(self, *, loader=None, **parts):
        """Give back the newest: the keywords and result of `helpers.parallel.load`."""
        return load_from(self.place, loader, parts)
