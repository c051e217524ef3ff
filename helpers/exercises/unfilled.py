"""Recognise an answer that is not filled in yet, by itself or by what it raised."""

import dis
import types

_NO_WORK = {
    "RESUME", "NOP", "CACHE", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST",
    "MAKE_CELL", "COPY_FREE_VARS",
}  # fmt: skip


def is_stub(answer, solution):
    """Tell whether `answer` is a stub: `...`, None, an empty function or method.

    A container that holds `...` is a stub too, and so is a class with a method that
    does nothing where the one of `solution` does something.

    Args:
        answer: a function, class or value.
        solution: the worked solution.

    >>> is_stub(..., 0.4), is_stub((1.0, ...), (1.0, 2.0)), is_stub(0.5, 0.4)
    (True, True, False)
    """
    if answer is Ellipsis or (answer is None and solution is not None):
        return True
    if isinstance(answer, type):
        return _has_empty_method(answer, solution)
    if isinstance(answer, types.FunctionType):
        return _is_empty(answer) and not _is_empty(solution)
    return _holds_ellipsis(answer, set())


def means_unfilled(error):
    """Tell whether an exception comes from a place that is not filled in.

    That is a `NotImplementedError` itself (a kind of it is something else: a missing
    rule of our tensors, for example), or an operation on `...`.

    >>> means_unfilled(NotImplementedError()), means_unfilled(ValueError("no"))
    (True, False)
    """
    if type(error) is NotImplementedError:
        return True
    about_types = isinstance(error, (TypeError, AttributeError, ValueError))
    return about_types and "ellipsis" in str(error).lower()


def _holds_ellipsis(answer, seen):
    if isinstance(answer, dict):
        answer = list(answer.values())
    if not isinstance(answer, (tuple, list, set, frozenset)) or id(answer) in seen:
        return answer is Ellipsis
    seen.add(id(answer))
    return any(_holds_ellipsis(item, seen) for item in answer)


def _has_empty_method(answer, solution):
    theirs = vars(solution) if isinstance(solution, type) else {}
    return any(
        _is_empty(member) and not _is_empty(theirs.get(name))
        for name, member in vars(answer).items()
    )


def _is_empty(member):
    """Tell whether a function or method only returns None or `...`."""
    function = getattr(member, "__func__", None) or getattr(member, "fget", member)
    if not isinstance(function, types.FunctionType):
        return False
    steps = list(dis.get_instructions(function))
    constants = [step.argval for step in steps if "CONST" in step.opname]
    only_returns = all(step.opname in _NO_WORK for step in steps)
    return only_returns and all(each in (None, Ellipsis) for each in constants)
