"""Where the course is, and its chapters by number."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ROOT / "chapters"


def chapters(folder: Path = CHAPTERS) -> dict[str, Path]:
    """The notebooks in `folder` by their number, "00" first.

    >>> chapters(Path("there is no such folder"))
    {}
    """
    return {path.name[:2]: path for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}


def find(number: str, folder: Path = CHAPTERS) -> Path:
    """The notebook with this number.

    Args:
        number: "3", "03" and "03_backward" are the same.
        folder: where to look.

    Raises: ValueError with the list of chapters if there is none with that number.
    """
    there = chapters(folder)
    wanted = number.zfill(2)[:2]
    if wanted not in there:
        names = "".join(f"\n  {name}  {path.stem[3:]}" for name, path in there.items())
        raise ValueError(
            f"chapter = {wanted}: there is no such notebook in {folder.name}/. "
            f"Ask for one of these:{names or ' (there are none)'}"
        )
    return there[wanted]


FOLDED = "hide-input"  # the tag of code that draws or drives an experiment
