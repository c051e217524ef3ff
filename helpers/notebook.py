"""What only notebooks need.

With this module one can: show a function or class as it stands in its file, as
highlighted code (`show_source`). The text is read when the cell runs, so what a chapter
shows is what the chapter imports.
"""

import ast
import inspect
import textwrap


class Source:
    """Code for a notebook to show: highlighted in JupyterLab, plain elsewhere.

    >>> Source("x = 1")
    x = 1

    Made by `show_source`.
    """

    def __init__(self, text: str):
        self.text = text

    def __repr__(self):
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None):
        fence = "````" if "```" in self.text else "```"
        markdown = f"{fence}python\n{self.text}\n{fence}"
        return {"text/markdown": markdown, "text/plain": self.text}


def show_source(*objects, docstring: bool = True) -> Source:
    """The code of functions, classes, methods or modules, as it stands in their files.

    Each is headed by a comment that names its module and itself. With
    `docstring=False` the docstrings are left out, inner ones too.

    Raises: TypeError for an object that has no Python code (a number, or a function
    written in C).

    >>> show_source(Source.__repr__)
    # helpers.notebook: Source.__repr__
    def __repr__(self):
        return self.text

    Used from chapter 01 on.
    """
    return Source("\n\n".join(_headed(thing, docstring) for thing in objects))


def _headed(thing, docstring: bool) -> str:
    thing = thing.fget if isinstance(thing, property) else thing
    try:
        code = textwrap.dedent(inspect.getsource(thing)).strip("\n")
    except (TypeError, OSError) as error:
        raise TypeError(
            f"show_source was given {thing!r}, which has no Python code of its own. "
            "Give it a function, method, class or module that was imported from a file"
        ) from error
    code = code if docstring else _without_docstrings(code)
    return f"{_heading(thing)}\n{code}"


def _heading(thing) -> str:
    if inspect.ismodule(thing):
        return f"# {thing.__name__}"
    return f"# {thing.__module__}: {thing.__qualname__}"


def _without_docstrings(code: str) -> str:
    """The same lines, less docstrings and the blank lines right under them."""
    lines = code.splitlines()
    for node in ast.walk(ast.parse(code)):
        if _has_docstring(node):
            start, end = node.body[0].lineno - 1, node.body[0].end_lineno
            while end < len(lines) and lines[end] == "":
                end += 1
            kept = [_ellipsis_under(node)] if len(node.body) == 1 else []
            lines[start:end] = kept + [None] * (end - start - len(kept))
    return "\n".join(line for line in lines if line is not None)


def _has_docstring(node) -> bool:
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    return isinstance(node, documented) and ast.get_docstring(node) is not None


def _ellipsis_under(node) -> str:
    return " " * node.body[0].col_offset + "..."
