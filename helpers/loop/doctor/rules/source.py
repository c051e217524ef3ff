"""What a line of the user's file says, where no fact of the run can tell it."""

import ast
import linecache

PLAIN = (ast.List, ast.ListComp, ast.Dict, ast.DictComp, ast.Tuple)


def line_of(place):
    """The text of a line."""
    return linecache.getline(*place).strip() if place else ""


def uncalled(place, name):
    """Where `thing.name` stands as a statement without brackets, in the same file."""
    if place is None:
        return None
    file = place[0]
    tree = tree_of(file)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute):
            if node.value.attr == name:
                return file, node.lineno
    return None


def tree_of(file):
    """The syntax tree of a file, or None if it holds what only IPython reads."""
    try:
        return ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return None


def rebinding(place):
    """Where a name is given a value from its own .grad: `w = w - r * w.grad`.

    The gradient may come by way of another name: `d = w.grad`, then `w = w - r * d`.
    """
    tree = tree_of(place[0]) if place else None
    assigned = [
        n for n in (ast.walk(tree) if tree else ()) if isinstance(n, ast.Assign)
    ]
    for node in assigned:
        target = ast.unparse(node.targets[0])
        if target.endswith((".data", ".grad")) or not names_in(node.value, target):
            continue
        gradient = f"{target}.grad"
        carriers = [
            ast.unparse(each.targets[0])
            for each in assigned
            if each.lineno < node.lineno and names_in(each.value, gradient)
        ]
        if any(names_in(node.value, name) for name in (gradient, *carriers)):
            return place[0], node.lineno
    return None


def names_in(node, text):
    """Whether a part of an expression reads `text`, as `w` or `w.grad`."""
    return any(
        isinstance(part, ast.Name | ast.Attribute | ast.Subscript)
        and ast.unparse(part) == text
        for part in ast.walk(node)
    )


def is_dropped(place, method):
    """Whether a line calls a method and drops what it returns: `x.detach()` alone."""
    tree = tree_of(place[0]) if place else None
    return any(
        isinstance(node, ast.Expr)
        and node.lineno == place[1]
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == method
        for node in (ast.walk(tree) if tree else ())
    )


def last_before(place, text):
    """The last line that holds a text, up to the line of a place."""
    lines = linecache.getlines(place[0])[: place[1]] if place else []
    found = [number for number, line in enumerate(lines, 1) if text in line]
    return (place[0], found[-1]) if found else None


def plain_list(place, kind):
    """Where a class keeps a plain list or dict; else the class itself."""
    tree = tree_of(place[0]) if place else None
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.ClassDef) and node.name == kind:
            found = [
                part.lineno
                for part in ast.walk(node)
                if isinstance(part, ast.Assign)
                and isinstance(part.targets[0], ast.Attribute)
                and isinstance(part.value, PLAIN)
            ]
            return place[0], (found or [node.lineno])[0]
    return None


def adds_to_itself(node):
    """Whether a statement is `total = total + ...` or `total += ...`."""
    if isinstance(node, ast.AugAssign):
        return True
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.BinOp):
        return False
    name = ast.unparse(node.targets[0])
    return any(ast.unparse(part) == name for part in ast.walk(node.value))


def accumulates_after(place):
    """The first sum or `.append(...)` below a line, else the first in that file."""
    tree = tree_of(place[0]) if place else None
    found = []
    for node in ast.walk(tree) if tree else ():
        is_append = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "append"
        )
        if is_append or adds_to_itself(node):
            found.append(node.lineno)
    below = [number for number in found if number >= place[1]]
    return (place[0], min(below or found)) if found else None


def assigned_name(place):
    """The first name that a line assigns to, or None."""
    tree = tree_of(place[0]) if place else None
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Assign) and node.lineno <= place[1] <= node.end_lineno:
            for part in ast.walk(node.targets[0]):
                if isinstance(part, ast.Name | ast.Attribute):
                    return part.id if isinstance(part, ast.Name) else part.attr
    return None


def function_place(place, name):
    """Where the last function of that name above a line is defined."""
    tree = tree_of(place[0]) if place else None
    found = [
        node.lineno
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.FunctionDef)
        and node.name == name
        and node.lineno <= place[1]
    ]
    return (place[0], max(found)) if found else None


def sum_divided(place):
    """Where a sum to which a line adds is divided, and whether by a number of samples.

    `total += loss.item()`, later `total / len(dataset)` or `total / n`, where n grows
    by the size of a batch.
    """
    tree = tree_of(place[0]) if place else None
    if tree is None:
        return None
    nodes = list(ast.walk(tree))
    sums = [
        node
        for node in nodes
        if isinstance(node, ast.AugAssign)
        and isinstance(node.target, ast.Name)
        and node.lineno <= place[1] <= node.end_lineno
        and not any(isinstance(part, ast.Mult) for part in ast.walk(node.value))
    ]
    for total in sums:
        for node in nodes:
            if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
                continue
            if isinstance(node.left, ast.Name) and node.left.id == total.target.id:
                if node.lineno > total.lineno:
                    counts = counts_samples(node.right, nodes)
                    return (place[0], node.lineno), counts and not is_loop_over(
                        node.right, total, nodes
                    )
    return None


def is_loop_over(divisor, total, nodes):
    """Whether a divisor is the length of what the loop around a sum goes through."""
    if not isinstance(divisor, ast.Call) or not divisor.args:
        return False
    return any(
        isinstance(node, ast.For)
        and node.lineno < total.lineno <= node.end_lineno
        and names_in(node.iter, ast.unparse(divisor.args[0]))
        for node in nodes
    )


def counts_samples(divisor, nodes):
    """Whether a divisor counts samples: a dataset's length, or a sum of sizes."""
    text = ast.unparse(divisor)
    if "dataset" in text:
        return True
    if isinstance(divisor, ast.Call) and text.startswith("len("):
        counted = divisor.args[0]  # of samples, unless it says batches
        plain = isinstance(counted, ast.Name | ast.Attribute)
        return plain and "loader" not in text and "batch" not in text
    if not isinstance(divisor, ast.Name):
        return False
    for node in nodes:
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            if node.target.id == divisor.id:
                added = ast.unparse(node.value)
                return any(word in added for word in ("len(", "size", "shape"))
    return False
