"""Exercise 15.4: clip gradients that are dealt out over ranks, by their common norm."""

import torch

from helpers.exercises.exercise import Exercise, Mistake, faulty


def clip(shares, max_norm):
    """Shorten all gradients to a common norm of max_norm; give the norm before."""
    norm = _root_of_squares(shares)
    if norm > max_norm:
        _scale(shares, max_norm / norm)
    return norm


def _squares(share):
    return sum(each.square().sum().item() for each in share)


def _norm(share):
    return _squares(share) ** 0.5


def _root_of_squares(shares):
    return sum(_squares(share) for share in shares) ** 0.5


def _scale(shares, factor):
    for share in shares:
        for each in share:
            each.mul_(factor)


def build(
    measure=_root_of_squares,
    factor=lambda norm, most: min(1.0, most / norm),
    after=False,
    scales=_scale,
):
    """The solution with some of its parts exchanged."""

    def clip(shares, max_norm):
        norm = measure(shares)
        if norm > 0:
            scales(shares, factor(norm, max_norm))
        return measure(shares) if after else norm

    return clip


def _each_rank(shares, max_norm):
    norms = [_norm(share) for share in shares]
    for share, norm in zip(shares, norms, strict=True):
        if norm > max_norm:
            _scale([share], max_norm / norm)
    return _root_of_squares([[torch.tensor(norms)]])


def _each_tensor(shares, max_norm):
    norm = _root_of_squares(shares)
    for share in shares:
        for each in share:
            _scale([[each]], min(1.0, max_norm / max(_norm([each]), 1e-12)))
    return norm


def _each_number(shares, max_norm):
    norm = _root_of_squares(shares)
    for share in shares:
        for each in share:
            each.clamp_(-max_norm, max_norm)
    return norm


FAULTS = (
    (
        {"measure": lambda shares: sum(_norm(share) for share in shares)},
        "You add up the norms of the ranks. The length of 3 and 4 is 5: add up the "
        "squares, then take the root.",
    ),
    (
        {"measure": lambda shares: max(_norm(share) for share in shares)},
        "You take the largest of the ranks' norms. All gradients are one vector, which "
        "is longer.",
    ),
    (
        {
            "measure": lambda shares: (
                (sum(_squares(share) for share in shares) / len(shares)) ** 0.5
            )
        },
        "You divide by the number of ranks. They hold different parts of one vector; "
        "nothing is averaged.",
    ),
    (
        {"measure": lambda shares: sum(_norm(share) for share in shares) / len(shares)},
        "You take the mean of the ranks' norms. They hold different parts of one "
        "vector: add up the squares.",
    ),
    (
        {"measure": lambda shares: sum(_squares(share) for share in shares)},
        "You forget the root: that is the square of the norm.",
    ),
    (
        {"measure": lambda shares: _norm(shares[0])},
        "You measure rank 0 alone.",
    ),
    (
        {"factor": lambda norm, most: most / norm},
        "You stretch gradients that are short enough. They stay as they are.",
    ),
    (
        {"factor": lambda norm, most: min(1.0, norm / most)},
        "Your factor is upside down: max_norm / norm makes a long vector short.",
    ),
    (
        {"factor": lambda norm, most: 1.0 if norm <= most else 1.0 / norm},
        "You shorten to a length of 1; it should be max_norm.",
    ),
    (
        {"after": True},
        "You return the norm after clipping. It is the norm before that tells of an "
        "explosion.",
    ),
    (
        {"scales": lambda shares, factor: _scale(shares[:1], factor)},
        "Only rank 0's gradients are scaled.",
    ),
    (
        {"scales": lambda shares, factor: None},
        "The gradients are as they were. Change them in place: `g *= ...`; "
        "`g = g * ...` makes another tensor.",
    ),
)

MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _each_rank,
        "Each rank clips by its own norm. The parts get different factors then, and "
        "the step another direction.",
    ),
    Mistake(
        _each_tensor,
        "You clip each tensor by its own norm. All gradients are one vector.",
    ),
    Mistake(
        _each_number,
        "You cut each number by itself. Asked for is one factor for all.",
    ),
)


def _numbers(answer, shares, max_norm):
    """The norm, and what the gradients are afterwards."""
    norm = answer(shares, max_norm)
    norm = norm.item() if isinstance(norm, torch.Tensor) and norm.numel() == 1 else norm
    return {"norm": norm, "gradients": [[g.clone() for g in each] for each in shares]}


def _tensor(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)


EXERCISE = Exercise(
    number="15.4",
    title="Clip what is dealt out",
    solution=clip,
    cases=lambda: [
        ([[_tensor(3.0)], [_tensor(4.0)]], 2.5),
        ([[_tensor(0.3, 0.4)], [_tensor(0.5)]], 2.0),
        ([[_tensor(1.0, -2.0), _tensor(2.0)], [_tensor(4.0, 0.0)]], 3.0),
        ([[_tensor(2.0)], [_tensor(-1.0), _tensor(2.0, 4.0)], []], 0.5),
        ([[_tensor(0.0)], [_tensor(0.0, 0.0)]], 1.0),
    ],
    probe=_numbers,
    may_change_inputs=True,
    mistakes=MISTAKES,
    compared_with="clip_grad_norm_ over all gradients, five times",
    build=build,
    faults=FAULTS,
)
