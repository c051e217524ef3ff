"""Where the checkpoints of one run lie: in one file, or the last few in a folder."""

from contextlib import ExitStack
from pathlib import Path

from helpers.loop.checkpoint import file_format
from helpers.loop.checkpoint.errors import CheckpointError, told
from helpers.loop.checkpoint.lock import held
from helpers.loop.checkpoint.save_and_load import load, run_content, save


class CheckpointFile:
    """The one checkpoint of a run, in a file; `fit` takes it, or just its path.

    Inside of a `with` block no other run can write there.

    Args:
        path (str or Path): the file; its folder must be there.

    Raises:
        CheckpointError: another run holds it, at the start of the block.

    Chapter 10 builds it.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with CheckpointFile(f"{folder}/run.ckpt") as checkpoint:
    ...         checkpoint.save(epoch=1)
    ...         checkpoint.load().epoch
    1
    """

    def __init__(self, path):
        self.path = Path(path)
        self._opened = ExitStack()

    def __enter__(self):
        self._opened.enter_context(self._held())
        return self

    def __exit__(self, *exception):
        self._opened.close()

    def _held(self):
        """A block inside of which no other run can write there."""
        return held(self.path)

    def newest(self):
        """Give the path of the newest checkpoint, or None if there is none."""
        return self.path if self.path.exists() else None

    def save(self, **parts):
        """Save a run: the keywords of `save`."""
        save(self.path, **parts)

    def load(self, **parts):
        """Give back the newest: the keywords, the result and the errors of `load`."""
        return load(self.newest() or self.path, **parts)


class CheckpointFolder(CheckpointFile):
    """The last few checkpoints of a run, in a folder: 00000001.ckpt, 00000002.ckpt, ...

    Inside of a `with` block no other run can write there.

    Args:
        path (str or Path): the folder; made if it isn't there, its own folder must be.
        keep (int): how many stay; the oldest goes once a new one is whole. Default: 3.

    Raises:
        ValueError: `keep` is below 1.
        CheckpointError: another run holds it, at the start of the block.

    Chapter 10 builds it.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     checkpoints = CheckpointFolder(folder, keep=2)
    ...     for epoch in range(5):
    ...         checkpoints.save(epoch=epoch)
    ...     [path.name for path in checkpoints.paths()], checkpoints.load().epoch
    (['00000004.ckpt', '00000005.ckpt'], 4)
    """

    def __init__(self, path, keep=3):
        if isinstance(keep, bool) or not isinstance(keep, int) or keep < 1:
            raise ValueError(
                f"keep = {keep!r}; allowed is an integer of 1 or more: pass keep=3"
            )
        super().__init__(path)
        self.keep = keep

    def _held(self):
        """Make the folder if need be, and hold it."""
        with told(self.path):
            self.path.mkdir(exist_ok=True)
        return held(self.path / "run")

    def paths(self):
        """Give the paths of all that are there, the oldest first."""
        names = [p for p in self.path.glob("*.ckpt") if p.stem.isdigit()]
        return sorted(names, key=lambda path: int(path.stem))

    def newest(self):
        """Give the path of the newest checkpoint, or None if there is none."""
        return self.paths()[-1] if self.paths() else None

    def save(self, **parts):
        """Save a run in a new file, then remove the oldest: the keywords of `save`."""
        with self._held():
            newest = self.newest()
            number = int(newest.stem) + 1 if newest else 1
            path = self.path / f"{number:08}.ckpt"
            file_format.write(path, run_content(**parts))
            for path in self.paths()[: -self.keep]:
                path.unlink()

    def load(self, **parts):
        """Give back the newest: the keywords, the result and the errors of `load`.

        Raises:
            CheckpointError: as `load`; for a file that is no good, the message names
                the one before it.
        """
        *before, _ = [None, *self.paths()]
        try:
            return super().load(**parts)
        except CheckpointError as error:
            if not before or before[-1] is None:
                raise
            raise CheckpointError(
                f"{error}. The one before it is {before[-1].name}: remove this file to "
                "go on from there"
            ) from error
