"""The form of the file: what `make chapters` writes, to the byte."""

from tools.hygiene.chapter import Chapter, Findings, rule
from tools.normalise import as_text, normalise


@rule
def normal_form(chapter: Chapter) -> Findings:
    """The file is what the workshop writes: ids, metadata, counts, spacing."""
    normal = normalise(chapter.notebook)
    for (number, cell), expected in zip(chapter.cells, normal.cells, strict=True):
        if cell != expected:
            keys = [key for key in expected if cell.get(key) != expected[key]]
            keys += [key for key in cell if key not in expected]
            yield number, f"{', '.join(keys)} not as `make chapters` writes. Run it."
            return
    if chapter.text != as_text(normal):
        yield None, "The file is not as `make chapters` writes it. Run it."
