"""How a Tensor is printed: as torch prints its own, with what made it."""

from torch._tensor_str import PRINT_OPTS


def in_words(tensor):
    """The numbers, and the node that made them, or that a gradient is required."""
    text = repr(tensor.data)
    grad_fn = grad_fn_in_words(tensor)
    if grad_fn is not None:
        note = f"grad_fn={grad_fn}"
    elif tensor._leaf_requires_grad:
        note = "requires_grad=True"
    else:
        return text
    return f"{text[:-1]},{break_before(note, text)}{note})"


def grad_fn_in_words(tensor):
    """What `repr` says of `grad_fn`: it never raises, so that one can look."""
    try:
        return tensor.grad_fn
    except RuntimeError:
        return "<Invalid>"


def break_before(note, text):
    """A space, or as torch breaks lines, a new line where the note is too long."""
    last_line = len(text) - text.rfind("\n")
    is_too_long = last_line + len(note) + 2 > PRINT_OPTS.linewidth
    return "\n" + " " * len("tensor(") if is_too_long else " "
