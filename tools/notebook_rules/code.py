"""Code cells: plain Python that does the same in every front end, and under nbval."""

import ast
import io
import re
import tokenize

from tools.notebook_rules import limits
from tools.notebook_rules.chapter import Chapter, Findings, parse, rule

FRONT_END_CALLS = {  # built in; what must be imported, ruff refuses: pyproject.toml
    "input": "a test cannot type",
    "get_ipython": "write plain Python",
    "exit": "it ends the kernel",
    "quit": "it ends the kernel",
}


@rule
def plain_python(chapter: Chapter) -> Findings:
    """No magics, no shell, no help queries: each cell parses as Python."""
    for number, cell in chapter.code:
        if parse(cell.source) is None:
            line = _first_bad_line(cell.source)
            yield number, f"`{line}` is not plain Python (magic, shell?). Replace it."


def _first_bad_line(source):
    try:
        ast.parse(source)
    except SyntaxError as error:
        return (error.text or source.splitlines()[0]).strip()


@rule
def no_semicolon(chapter: Chapter) -> Findings:
    """No `;`: it hides outputs, and nbval fails on it (its issue 194)."""
    for number, cell in chapter.code:
        if parse(cell.source) is None:
            continue
        tokens = tokenize.generate_tokens(io.StringIO(cell.source).readline)
        if any(token.type == tokenize.OP and token.string == ";" for token in tokens):
            yield number, "`;` in the code. Remove it; bind a value to hide it."


@rule
def no_front_end_calls(chapter: Chapter) -> Findings:
    """No calls whose effect depends on the front end."""
    for number, call in _calls(chapter):
        name = _name(call)
        if name in FRONT_END_CALLS:
            yield number, f"`{name}`: {FRONT_END_CALLS[name]}. Remove it."
        if any(keyword.arg == "display_id" for keyword in call.keywords):
            yield number, "`display_id=`: nbval fails on updated displays. Remove it."


def _calls(chapter):
    """Each call in the code, with the number of its cell."""
    for number, tree in chapter.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield number, node


def _name(call):
    """The last name of what is called: `c` of `a.b.c(...)`."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


@rule
def no_exceptions_from_checking(chapter: Chapter) -> Findings:
    """No nbval markers and no tags that switch checks off."""
    for number, cell in chapter.cells:
        tags = set(cell.metadata.get("tags", [])) - limits.TAGS
        if tags:
            allowed = ", ".join(sorted(limits.TAGS))
            yield number, f"tags = {sorted(tags)}: only {allowed} is allowed. Remove."
        if re.search(r"#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source):
            yield number, "An nbval marker switches its check off. Remove it."


@rule
def shows_the_helper(chapter: Chapter) -> Findings:
    """A chapter that rebuilds something shows the finished helper from its file."""
    if chapter.number not in limits.REBUILDING:
        return
    if not any(_name(call) == "show_source" for _, call in _calls(chapter)):
        yield None, "No `show_source(...)`. Show the helper that the chapter leads to."
