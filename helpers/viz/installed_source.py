"""Code of the installed PyTorch in a notebook: live where it runs, never stored.

With this module one can
- say where a function, method or class stands (`place`),
- show its text below a cell (`InstalledSource`): it differs between versions, so a
  stored notebook keeps only the place,
- ask which names it mentions, a fact that outlives versions (`names_in`).
"""

import ast
import html
import inspect
import textwrap
from pathlib import Path

import ipywidgets

TALL = "max-height: 26em; overflow: auto; font-size: 12px; line-height: 1.35"


def place(thing) -> str:
    """File and name of a function, method or class, from its package on.

    Raises: TypeError for what has no Python code, as `inspect.getsourcefile`.

    >>> place(textwrap.dedent)
    'textwrap.py: dedent'
    >>> from torch.optim import SGD
    >>> place(SGD.step)
    'torch/optim/sgd.py: SGD.step'
    """
    thing = inspect.unwrap(thing)
    path = Path(inspect.getsourcefile(thing))
    folders = len(thing.__module__.split(".")) + (path.name == "__init__.py")
    return f"{'/'.join(path.parts[-folders:])}: {thing.__qualname__}"


def names_in(thing) -> set:
    """Every name and attribute that the code of a function, method or class mentions.

    Raises: TypeError for what has no Python code.

    >>> sorted(names_in(InstalledSource.__repr__))
    ['place', 'self']
    """
    found = set()
    for node in ast.walk(ast.parse(source_of(thing))):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


def source_of(thing) -> str:
    """The code of a function, method or class, behind its decorators, from column 0."""
    return textwrap.dedent(inspect.getsource(inspect.unwrap(thing)))


class InstalledSource(ipywidgets.HTML):
    """The code of one function, method or class, in a box that can be scrolled.

    Args:
        thing: something with Python code of its own; TypeError otherwise.

    `text` is the code. A stored notebook shows where it stands, as `repr` does.

    >>> from torch.optim import SGD
    >>> InstalledSource(SGD.step)
    torch/optim/sgd.py: SGD.step (run this cell to read it)

    Chapter 17 reads PyTorch with it.
    """

    def __init__(self, thing):
        self.place = place(thing)
        self.text = source_of(thing)
        code = html.escape(self.text)
        box = f'<pre tabindex="0" style="{TALL}">{code}</pre>'
        super().__init__(f"<b>{html.escape(self.place)}</b>{box}")

    def __repr__(self):
        return f"{self.place} (run this cell to read it)"

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        bundle["text/plain"] = repr(self)
        return bundle
