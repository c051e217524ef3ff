"""One slip of the pen in a worked solution: what an answer with it would do.

With this module one can list the slips that a function's source allows (slips_of), and
make the function with one or two of them (written_with).
"""

import ast
import copy
import functools
import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in",
    ast.NotIn: "not in", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
OTHER_SIGNS = {
    ast.Add: (ast.Sub, ast.Mult), ast.Sub: (ast.Add,), ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,), ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
}  # fmt: skip
MOST_WORDS = 40  # characters of a piece of source in a message


@dataclass(frozen=True)
class Slip:
    """A slip at a node, the so many-th of the tree: `change` gives the node instead."""

    words: str
    place: int
    change: Callable
    of_name: bool = False


def slips_of(solution):
    """List the `Slip`s that the source of a function or class allows, as a tuple.

    It is empty for a plain value.

    >>> [slip.words for slip in slips_of(_renamed)]
    ['`id=name` is left out']
    """
    return _slips(solution) if callable(solution) else ()


@functools.cache
def _slips(solution):
    tree = _tree(solution)
    if tree is None:
        return ()
    names = {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}
    names -= {"self", "ctx"}
    found = []
    for place, node in enumerate(ast.walk(tree)):
        if place:
            found += [Slip(*slip) for slip in _at(node, place, names)]
    return tuple(found)


def written_with(solution, *slips):
    """The function or class with slips in it, made anew.

    Args:
        solution: what `slips_of` was asked about.
        slips: one or two of what it gave.
    """
    tree = copy.deepcopy(_tree(solution))
    for slip in sorted(slips, key=lambda each: -each.place):
        _replace(tree, slip)
    module = sys.modules[solution.__module__]
    names = dict(vars(module))
    exec(compile(ast.fix_missing_locations(tree), "<slip>", "exec"), names)
    return names[solution.__name__]


@functools.cache
def _tree(solution):
    """The source of a function or class as a tree; None if there is none."""
    is_plain = inspect.isfunction(solution) or inspect.isclass(solution)
    if not is_plain or solution.__name__ == "<lambda>":
        return None
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(solution)))
    except (OSError, SyntaxError):  # made elsewhere than in a file
        return None


def _replace(tree, slip):
    """Put what a slip makes of its node in the node's place."""
    target = list(ast.walk(tree))[slip.place]
    instead = slip.change(target)
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if value is target:
                setattr(node, field, instead)
            elif isinstance(value, list):
                value[:] = [instead if item is target else item for item in value]


def _at(node, place, names):
    """What makes each slip at one node."""
    makers = (_signs, _parts_left_out, _numbers, _lines, _questions)
    for make in makers:
        for words, change in make(node):
            yield words, place, change
    if isinstance(node, ast.Name) and node.id in names:
        if isinstance(node.ctx, ast.Load):
            for other in sorted(names - {node.id}):
                words = f"`{other}` stands where `{node.id}` belongs"
                yield words, place, _renamed(other), True


def _with(**fields):
    """A change: a copy of the node with other fields."""

    def change(node):
        new = copy.copy(node)
        for field, value in fields.items():
            setattr(new, field, value)
        return new

    return change


def _renamed(name):
    return _with(id=name)


def _field(name):
    """A change: one of the node's own parts in its place."""
    return lambda node: getattr(node, name)


def _said(node):
    """A node's source in quotes, if it is short enough to be read."""
    text = ast.unparse(node)
    return f"`{text}`" if len(text) <= MOST_WORDS and "\n" not in text else "a part"


def _signs(node):
    """Another operator, or another comparison."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in OTHER_SIGNS.get(type(node.op), ()):
            words = f"`{SIGNS[other]}` stands where `{SIGNS[type(node.op)]}` belongs"
            yield words, _with(op=other())
    if isinstance(node, ast.Compare):
        for i, sign in enumerate(node.ops):
            for other in OTHER_SIGNS.get(type(sign), ()):
                words = f"`{SIGNS[other]}` stands where `{SIGNS[type(sign)]}` belongs"
                yield words, _with(ops=[*node.ops[:i], other(), *node.ops[i + 1 :]])


def _parts_left_out(node):
    """A term, a factor, a sign, a method or an option that is missing."""
    if isinstance(node, ast.BinOp):
        yield f"{_said(node.right)} is left out", _field("left")
        yield f"{_said(node.left)} is left out", _field("right")
    if isinstance(node, ast.UnaryOp):
        sign = "not" if isinstance(node.op, ast.Not) else "-"
        yield f"a `{sign}` is left out", _field("operand")
    if isinstance(node, ast.BoolOp):
        for i, value in enumerate(node.values):
            values = node.values[:i] + node.values[i + 1 :]
            yield f"{_said(value)} is left out", _with(values=values)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            words = f"`.{node.func.attr}(...)` is left out"
            yield words, lambda call: call.func.value
        for i, keyword in enumerate(node.keywords):
            keywords = node.keywords[:i] + node.keywords[i + 1 :]
            yield f"`{ast.unparse(keyword)}` is left out", _with(keywords=keywords)


def _numbers(node):
    """A number that is one more or less."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for other in (node.value - 1, node.value + 1):
            words = f"{other} stands where {node.value} belongs"
            yield words, _with(value=other)


def _lines(node):
    """A line that is missing, or that makes a new object in place of changing one."""
    is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if is_call or isinstance(node, (ast.Assign, ast.AugAssign)):
        yield f"{_said(node)} is left out", lambda line: ast.Pass()
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        name = node.target.id
        yield f"`{name}` becomes the name of a new object", _bound_anew
    if isinstance(node, ast.Continue):
        yield "the loop ends where it should go on", lambda line: ast.Return(None)


def _bound_anew(line):
    old = ast.Name(line.target.id, ast.Load())
    return ast.Assign([line.target], ast.BinOp(old, line.op, line.value))


def _questions(node):
    """A condition that is not asked."""
    if isinstance(node, ast.If):
        words = f"nobody asks for {_said(node.test)}"
        yield words, _with(test=ast.Constant(True))
        yield f"{_said(node.test)} is never so", _with(test=ast.Constant(False))
    if isinstance(node, ast.comprehension) and node.ifs:
        yield f"nobody asks for {_said(node.ifs[0])}", _with(ifs=[])
