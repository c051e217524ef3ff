"""What the usual exceptions of an exercise mean, the same in all chapters.

With this module one can turn an exception into a sentence of advice (hint).
"""

import re

_NONE = (
    "Something is None there: .grad is None until a first gradient comes, and stays so "
    "where none arrives. Ask `is None` before you compute with it; a step skips what "
    "has no gradient."
)
_HINTS = (
    (r"(?i)nonetype|argument .* not None|got None", _NONE),
    (
        r"leaf Variable that requires grad|leaf .* in-place",
        "The change is being recorded, and a leaf can't be changed in place while "
        "autograd watches: put it under `with torch.no_grad():`.",
    ),
    (
        r"Boolean value of Tensor with more than one",
        "`if` asks whether a tensor is true, and with several numbers there is no "
        "answer. Ask `is None`, or compare objects with `is`.",
    ),
    (
        r"can't optimize a non-leaf|can only optimize Tensors",
        "torch.optim takes leaf tensors of PyTorch's; here they are others, or "
        "computed.",
    ),
    (
        r"backward through the graph a second time",
        "A walk frees the graph: walk once, or keep it for the first walk with "
        "retain_graph=True.",
    ),
    (
        r"does not require grad",
        "What is to be walked has no history: it was not computed from a tensor that "
        "requires grad, or detach(), .data or no_grad() has cut it off.",
    ),
    (
        r"Can't call numpy\(\) on Tensor that requires",
        "`.detach()` gives the numbers without their history.",
    ),
    (
        r"(positional argument|keyword argument)",
        "Keep the names and the number of inputs as they were in the cell, and give a "
        "function that you call what it asks for.",
    ),
    (
        r"dictionary changed size|deque mutated",
        "What a loop walks through must not change in it: walk through list(...).",
    ),
)
_BY_CLASS = {
    "KeyError": "There is no such key yet: `.get(key, start)` or setdefault begins.",
    "RecursionError": (
        "The function calls itself without an end, or more deeply than Python allows: "
        "a loop with a list of what is still to do has no such limit."
    ),
    "UnboundLocalError": "The name gets a value later, or on one branch only.",
    "NameError": "Is it spelled right, and has the cell that defines it run?",
    "ZeroDivisionError": "Which of your numbers can be 0 there?",
    "IndexError": "How long is the list there, and can it be empty?",
    "StopIteration": "An iterator gives its items once: `list(...)` keeps them.",
}


def hint(error):
    """Give a sentence about a `Raised`; empty if there is none.

    >>> from helpers.exercises.kinds import Raised
    >>> hint(Raised(IndexError, "list index out of range", ""))
    'How long is the list there, and can it be empty?'
    """
    for words, text in _HINTS:
        if re.search(words, error.message):
            return text
    names = [each.__name__ for each in error.kind.__mro__]
    return next((_BY_CLASS[name] for name in names if name in _BY_CLASS), "")
