"""Code cells: plain Python that does the same in every front end, and under nbval."""

import ast
import io
import re
import tokenize

from tools.hygiene import limits
from tools.hygiene.chapter import Chapter, Findings, parse, rule

HISTORY = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|In|Out|_[io]h|_dh")
FRONT_END_CALLS = {
    "input": "a test cannot type",
    "clear_output": "nbval fails on it",
    "update_display": "nbval fails on it",
    "interact": "its output is not the same at every run; use LiveFigure",
    "interactive": "its output is not the same at every run; use LiveFigure",
    "interactive_output": "it needs Output widgets; use LiveFigure",
    "Output": "nbval cannot see into Output widgets; use LiveFigure",
    "SVG": "code hosts do not show it; use new_figure",
    "set_matplotlib_formats": "pictures are PNG",
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
def columns(chapter: Chapter) -> Findings:
    """Code is at most 79 columns wide."""
    for number, cell in chapter.code:
        for line in cell.source.splitlines():
            if len(line) > limits.MOST_COLUMNS:
                yield (
                    number,
                    f"`{line[:40]}...` has {len(line)} columns; at most "
                    f"{limits.MOST_COLUMNS}. Break the line.",
                )


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
    for number, tree in chapter.trees:
        for name in sorted({name for node in ast.walk(tree) for name in _uses(node)}):
            if name in FRONT_END_CALLS:
                yield number, f"`{name}`: {FRONT_END_CALLS[name]}. Remove it."
            elif name == "display_id":
                yield number, "`display_id=`: nbval fails on updated displays."
            elif name == "pyplot":
                yield number, "`pyplot` keeps hidden state. Use viz's new_figure."


def _uses(node):
    """Names that a syntax node calls, imports or passes as keyword."""
    if isinstance(node, ast.Call):
        yield getattr(node.func, "id", getattr(node.func, "attr", ""))
        yield from (keyword.arg for keyword in node.keywords if keyword.arg)
    elif isinstance(node, ast.ImportFrom | ast.Import):
        for alias in node.names:
            yield from alias.name.split(".")
        yield from (getattr(node, "module", None) or "").split(".")


@rule
def no_history(chapter: Chapter) -> Findings:
    """No `_`, `Out`, `In`: they hold what a reader happened to run before."""
    for number, tree in chapter.trees:
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
        for name in sorted({node.id for node in names} - bound):
            if HISTORY.fullmatch(name):
                yield number, f"`{name}` is the front end's history. Name the value."


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
    uses = (
        name
        for _, tree in chapter.trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for name in _uses(node)
    )
    if "show_source" not in uses:
        yield None, "No `show_source(...)`. Show the helper that the chapter leads to."
