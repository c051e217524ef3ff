"""Functions of a notebook, as source that another process can run; and plain values.

What is imported from a file is found again there by its name. What was written in a
notebook is in no file: it is sent as text, with whatever it names.
"""

import ast
import linecache
import pickle
import sys
import types

HOME = "__main__"  # the module of what was written in a notebook


def sent(value):
    """All that a function or value needs elsewhere, as bytes for `received`.

    Args:
        value: a function of a notebook, with the functions, classes, modules and
            values that it names; or what can be pickled.

    Raises:
        TypeError: it names something that can't be sent; the message says what.
    """
    needed, name = {}, "value"
    if isinstance(value, (type, types.FunctionType)):
        name = value.__name__
    _gather(name, value, needed)
    return pickle.dumps((name, needed))


def received(content):
    """What `sent` gave away; a function gets a namespace of its own."""
    name, needed = pickle.loads(content)
    namespace = {"__name__": "sent"}
    for each, (kind, what) in needed.items():
        if kind == "module":
            namespace[each] = sys.modules.get(what) or __import__(what, fromlist=["_"])
        elif kind == "value":
            namespace[each] = pickle.loads(what)
    for each, (kind, what) in needed.items():
        if kind == "source":
            exec(compile(what, f"<{each} of the notebook>", "exec"), namespace)
    return namespace[name]


def _gather(name, value, needed):
    """Note under its name what is needed; first what it names itself."""
    if name in needed:
        return
    if isinstance(value, types.ModuleType):
        needed[name] = "module", value.__name__
    elif isinstance(value, (type, types.FunctionType)) and value.__module__ == HOME:
        statement, text, names = _statement(value)
        needed[name] = None  # it may name itself
        for each in ast.walk(statement):
            if isinstance(each, ast.Name) and each.id in names:
                _gather(each.id, names[each.id], needed)
        del needed[name]
        needed[name] = "source", text
    else:
        needed[name] = "value", _pickled(name, value)


def _statement(value):
    """The statement of a cell that defines a function or class; its text and names."""
    function = value if isinstance(value, types.FunctionType) else _a_method(value)
    text = "".join(linecache.getlines(function.__code__.co_filename))
    for statement in ast.parse(text).body:
        if getattr(statement, "name", None) == value.__name__:
            source = ast.get_source_segment(text, statement)
            return statement, source, function.__globals__
    raise TypeError(
        f"{value.__name__} can't be sent to another process; allowed are functions and "
        "classes written at the top of a cell, by `def` or `class`"
    )


def _a_method(kind):
    """A function that was written in a class."""
    for each in vars(kind).values():
        if isinstance(each, types.FunctionType):
            return each
    raise TypeError(
        f"{kind.__name__} can't be sent to another process; allowed are classes with a "
        "method of their own: give it one"
    )


def _pickled(name, value):
    """A value as bytes."""
    try:
        return pickle.dumps(value)
    except Exception as error:
        raise TypeError(
            f"{name} can't be sent to another process ({error}); allowed are plain "
            "values, tensors, and what is imported: make it inside of the function"
        ) from error
