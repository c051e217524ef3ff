"""A chapter without content that obeys every rule, for the tests of the rules.

With this module one can: get its cells, fresh each time (`good_cells`), and make a
Chapter of cells as `make chapters` writes them (`chapter_of`). Each test spoils one
thing and expects the one rule that minds.
"""

import base64
from pathlib import Path

from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from tools.course import FOLDED
from tools.normalise import as_text, normalise
from tools.notebook_rules import Chapter

NAME = "03_backward.ipynb"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n a picture").decode()
OPENING = """# 03 · Backward

```python
for epoch in range(epochs):
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()              # <- this line
        optimizer.step()
    scheduler.step()
```

**Question.** What does it do?

After this chapter you can: say it. Builds on 02 tensors. **Mathematics.** A slope.
35 minutes to read, 20 seconds to run."""
PROSE = "Plain words that one reads, and $x$ of `code` between them. " * 14
ANSWERS = """<details>
<summary>Hint</summary>

Think.

</details>

<details>
<summary>Worked solution</summary>

```python
answer = 1
```

</details>"""
KEEP = """## What to keep

- one
- two
- three
- four

**In PyTorch itself.** `torch/autograd/__init__.py`.

**Sources.** A book.

**Next.** What remains?"""


def printed(text):
    """The stdout output that printing `text` leaves."""
    return new_output("stream", name="stdout", text=text + "\n")


def shown(**data):
    """The output of a last expression, kinds as keywords with _ for /."""
    kinds = {kind.replace("_", "/"): value for kind, value in data.items()}
    return new_output("execute_result", data=kinds)


def section(title):
    """A section: prose, code that prints nothing, code that prints."""
    quiet = "\n".join(f"value_{line} = {line} * 0.5" for line in range(6))
    loud = "\n".join([*quiet.splitlines()[1:], 'print(f"the last is {value_5:.1f}")'])
    return [
        new_markdown_cell(f"## {title}\n\n{PROSE}"),
        new_code_cell(quiet),
        new_code_cell(loud, outputs=[printed("the last is 2.5")]),
    ]


def exercise(name):
    """The three cells of an exercise."""
    stub = f'answer = ...  # your turn\n\n\ncheck("{name}", answer)'
    return [
        new_markdown_cell(f"### Exercise {name} · A title (8 minutes)\n\nFind it."),
        new_code_cell(stub, outputs=[printed(f"{name} · your turn")]),
        new_markdown_cell(ANSWERS),
    ]


def figure(name, text, **metadata):
    """A picture and its caption."""
    caption = f"**Figure {name}.** What is drawn here in blue; what one may notice."
    code = f"# Draws Figure {name}.\nsecond = 2\nLiveFigure(draw)"
    picture = [shown(image_png=PNG, text_plain=text)]
    return [
        new_code_cell(code, outputs=picture, metadata=metadata),
        new_markdown_cell(caption),
    ]


def good_cells():
    """The cells of a chapter that breaks no rule: opening, imports, ..., what to keep.

    Places used by tests: 0 opening, 1 imports, 2 show_source, 3 and 5 figures (5 is
    folded), 4 and 6 their captions, 7 and on sections of three cells; the last 14 are
    exercises, with their heading first and `What to keep` last.
    """
    source = "```python\ndef step(tolerance=1.234567e-12):  # cpu, 2.13.0\n```"
    show = [shown(text_markdown=source, text_plain=source)]
    cells = [
        new_markdown_cell(OPENING),
        new_code_cell("import torch\n\nfrom helpers import data\nseed = 0"),
        new_code_cell("first = 1\nsecond = 2\nshow_source(step)", outputs=show),
        *figure("3.1", "LiveFigure(lr=0.1)"),
        *figure("3.2", "<Figure of two lines>", tags=[FOLDED]),
    ]
    for count in range(15):
        cells += section(f"Part {count}")
    cells.append(new_markdown_cell("## Exercises\n\nFour."))
    for count in range(1, 5):
        cells += exercise(f"3.{count}")
    return [*cells, new_markdown_cell(KEEP)]


def chapter_of(cells, name=NAME, folder=Path()):
    """The Chapter of these cells, normalised, as if in the file `name` of `folder`."""
    return Chapter(folder / name, as_text(normalise(new_notebook(cells=cells))))
