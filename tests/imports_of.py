"""Reads which modules a Python file imports, without running it.

With this module one can: list the modules of a package (`modules_of`), see which of
them import which (`graph_of`), and find a ring among them (`cycle_in`).
"""

import ast
from pathlib import Path


def modules_of(root: Path, package: str = "helpers") -> dict[str, Path]:
    """Every module of a package, by its dotted name."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = parts[:-1] if parts[-1] == "__init__" else parts
        found[".".join(name)] = path
    return found


def graph_of(root: Path, package: str = "helpers") -> dict[str, set[str]]:
    """For each module of a package, everything that it imports, by dotted name."""
    modules = modules_of(root, package)
    return {name: imports_of(name, modules) for name in modules}


def imports_of(name: str, modules: dict[str, Path]) -> set[str]:
    """All that a module imports, wherever in its file the import stands.

    `from a import b` gives a.b if that is one of `modules`, else a. Relative imports
    are made absolute; `importlib.import_module("a")` counts if its argument is text.
    """
    path = modules[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = _source(node, package)
            inner = {f"{source}.{alias.name}" for alias in node.names}
            found |= {each if each in modules else source for each in inner}
        elif isinstance(node, ast.Call) and _is_dynamic(node.func):
            texts = (each.value for each in node.args if isinstance(each, ast.Constant))
            found |= {text for text in texts if isinstance(text, str)}
    return found


def _source(node, package):
    """The module of `from ... import`, absolute."""
    if not node.level:
        return node.module
    parts = package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def _is_dynamic(function):
    name = getattr(function, "attr", None) or getattr(function, "id", None)
    return name in ("import_module", "__import__")


def cycle_in(graph: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a ring, the first one twice; or no module."""
    finished = set()
    for start in sorted(graph):
        ring = _ring_from(start, graph, [], finished)
        if ring:
            return ring
    return []


def _ring_from(name, graph, road, finished):
    if name in road:
        return [*road[road.index(name) :], name]
    if name in finished:
        return []
    for other in sorted(graph.get(name, ())):
        ring = _ring_from(other, graph, [*road, name], finished)
        if ring:
            return ring
    finished.add(name)
    return []
