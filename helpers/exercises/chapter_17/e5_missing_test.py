"""Exercise 17.5: which layouts of memory a step gets wrong."""

import torch

from helpers.exercises.exercise import Exercise, Mistake, faulty


def _counting(p):
    return torch.arange(1.0, p.numel() + 1).view(p.shape)


def wrong_layouts(step, layouts):
    """The names for which the whole memory is not as p - lr * grad would leave it."""
    wrong = []
    for name, make in layouts.items():
        memory, p = make()
        right_memory, right = make()
        grad = _counting(p)
        right.sub_(0.5 * grad)
        step(p, grad, 0.5)
        if not torch.equal(memory, right_memory):
            wrong.append(name)
    return wrong


def build(
    gradient=_counting,
    seen=lambda memory, p: memory,
    sign=1,
    keeps=lambda same: not same,
):
    """The solution with some of its parts exchanged."""

    def wrong_layouts(step, layouts):
        wrong = []
        for name, make in layouts.items():
            memory, p = make()
            right_memory, right = make()
            grad = gradient(p)
            right.sub_(sign * 0.5 * grad)
            step(p, grad, 0.5)
            same = torch.equal(seen(memory, p), seen(right_memory, right))
            if keeps(same):
                wrong.append(name)
        return wrong

    return wrong_layouts


def _did_anything_move(step, layouts):
    wrong = []
    for name, make in layouts.items():
        _, p = make()
        before = p.clone()
        step(p, _counting(p), 0.5)
        if torch.equal(p, before):
            wrong.append(name)
    return wrong


def _is_any_number_still(step, layouts):
    wrong = []
    for name, make in layouts.items():
        _, p = make()
        before = p.clone()
        step(p, _counting(p), 0.5)
        if (p == before).any():
            wrong.append(name)
    return wrong


def _holds_itself(step, layouts):
    wrong = []
    for name, make in layouts.items():
        _, p = make()
        before = p.detach()
        grad = _counting(p)
        step(p, grad, 0.5)
        if not torch.equal(p, before - 0.5 * grad):
            wrong.append(name)
    return wrong


def _layout_of_the_gradient(p):
    """Numbers that differ, in a gradient laid out in memory as p is, if that fits."""
    return torch.empty_like(p).copy_(_counting(p))


def _not_contiguous(step, layouts):
    return [name for name, make in layouts.items() if not make()[1].is_contiguous()]


def _first_alone(step, layouts):
    return wrong_layouts(step, layouts)[:1]


FAULTS = (
    (
        {"seen": lambda memory, p: p},
        "You look at p alone. A step that writes beside it as well goes unseen: "
        "compare the whole memory.",
    ),
    (
        {"gradient": torch.ones_like},
        "All numbers of your gradient are alike, so a step that mixes them up goes "
        "unseen. Let them differ.",
    ),
    (
        {"gradient": torch.zeros_like},
        "Your gradient or your rate is 0: whatever step does, nothing moves.",
    ),
    (
        {"gradient": _layout_of_the_gradient},
        "Your gradient lies in memory as p does. A step that reads both in that order "
        "looks right; give it a gradient that lies row by row.",
    ),
    (
        {"seen": lambda memory, p: memory.sum()},
        "You compare sums. Numbers that land in the wrong places have the same sum.",
    ),
    (
        {"sign": -1},
        "Your comparison steps uphill: p + lr * grad. Every layout looks wrong.",
    ),
    (
        {"keeps": lambda same: same},
        "You return the layouts that are right.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _did_anything_move,
        "You ask whether p moved at all. It can move, and to the wrong place.",
    ),
    Mistake(
        _is_any_number_still,
        "You ask whether each number moved. It can move by another one's gradient.",
    ),
    Mistake(
        _holds_itself,
        "detach() gives the same memory: what you keep of the time before moves with "
        "p. Clone it, or make the layout a second time.",
    ),
    Mistake(
        _not_contiguous,
        "You return the layouts that are not contiguous, and never take a step. Some "
        "steps are right for them.",
    ),
    Mistake(
        _first_alone,
        "You stop at the first layout that is wrong; asked for are all of them.",
    ),
)


def _make(view):
    """A function that makes a new memory of 24 numbers, and a view of some of it."""

    def make():
        memory = torch.arange(24.0)
        return memory, view(memory)

    return make


def _layouts():
    return {
        "whole": _make(lambda memory: memory.view(4, 6)),
        "transposed": _make(lambda memory: memory.view(4, 6).t()),
        "upper rows": _make(lambda memory: memory.view(4, 6)[:2]),
        "left columns": _make(lambda memory: memory.view(4, 6)[:, :3]),
        "second columns": _make(lambda memory: memory.view(4, 6)[:, ::2]),
        "a cut, transposed": _make(lambda memory: memory.view(4, 6)[:, 1:3].t()),
    }


def _right(p, grad, lr):
    p.sub_(lr * grad)


def _lost(p, grad, lr):
    """Writes into a copy unless p is contiguous."""
    p.contiguous().sub_(lr * grad)


def _walks(p, grad, lr):
    """Takes the memory from p's first number on, as many as p has."""
    flat = torch.as_strided(p, (p.numel(),), (1,))
    flat.sub_(lr * grad.flatten())


def _in_order_of_memory(p, grad, lr):
    """Reads the gradient as it lies in memory, in the order of p's strides."""
    order = sorted(range(p.dim()), key=lambda d: -p.stride(d))
    laid_out = torch.as_strided(grad, (grad.numel(),), (1,))
    p = p.permute(order)
    p.sub_(lr * laid_out.view(p.shape))


def _one_too_many(p, grad, lr):
    """Right for p, and moves the number behind its last as well."""
    last = sum((n - 1) * d for n, d in zip(p.shape, p.stride(), strict=True))
    place = p.storage_offset() + last + 1
    p.sub_(lr * grad)
    if place < 24:
        torch.as_strided(p, (1,), (1,), place).sub_(lr * grad.max())


def _uphill_if_cut(p, grad, lr):
    """Takes the wrong sign where rows lie further apart than they are long."""
    is_cut = p.stride(0) > p.shape[1] and p.stride(1) == 1
    p.add_(lr * grad) if is_cut else p.sub_(lr * grad)


STEPS = {
    "right": _right,
    "lost": _lost,
    "walks": _walks,
    "in order of memory": _in_order_of_memory,
    "one too many": _one_too_many,
    "uphill if cut": _uphill_if_cut,
}


def _found(answer, name):
    """The layouts that an answer finds wrong in one of the steps."""
    found = answer(STEPS[name], _layouts())
    return list(found) if isinstance(found, tuple | list) else found


EXERCISE = Exercise(
    number="17.5",
    title="The test that was missing",
    solution=wrong_layouts,
    cases=lambda: [(name,) for name in STEPS],
    probe=_found,
    mistakes=MISTAKES,
    compared_with="six steps on six layouts, five of them faulty",
    build=build,
    faults=FAULTS,
)
