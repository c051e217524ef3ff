"""Sums of products, written with letters: einsum and what is a short line of it.

The gradient of an operand is an einsum as well: of the gradient and the other operands,
with the letters of the operand as the result's.
"""

import string

import torch

from helpers.autograd.operations.declare import composite, derivative

EINSUM = derivative(
    "einsum(equation, *operands)",
    torch.einsum,
    inputs=["operands"],
    joint=lambda grad, equation, operands, needs: [
        slope_of_operand(grad, equation, operands, place) if needed else None
        for place, needed in enumerate(needs)
    ],
)


@composite(torch.einsum)
def einsum(first, *rest):
    """torch.einsum, from an equation, or from operands with lists of numbers."""
    if not isinstance(first, str):
        given = [first, *rest]
        result = given.pop() if len(given) % 2 else None
        rest, first = given[::2], equation_of(given[1::2], result)
    return EINSUM(torch.einsum, (first, *rest), {})


@composite(torch.tensordot)
def tensordot(a, b, dims=2, out=None):
    """Sums over pairs of dimensions: the last of `a`, the first of `b`; or listed."""
    if torch.is_tensor(dims):
        dims = dims.tolist()
    if isinstance(dims, int):
        dims = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    of_a = list(range(a.ndim))
    of_b = list(range(a.ndim, a.ndim + b.ndim))
    shared = [dim % a.ndim for dim in dims[0]]
    for dim, label in zip(dims[1], shared, strict=True):
        of_b[dim] = label
    kept = [label for label in of_a + of_b if label not in shared]
    return torch.einsum(equation_of([of_a, of_b], kept), a, b)


def slope_of_operand(grad, equation, operands, place):
    """The gradient of one operand.

    A letter that stands nowhere else, or only with the length 1, was summed over: its
    gradient is the same all along, which a factor of ones says. A letter that stands
    twice picks a diagonal: a factor with ones on its own puts the gradient back there.
    """
    labels, result = labels_of(equation, [each.ndim for each in operands])
    others = [i for i in range(len(operands)) if i != place]
    factors = [(grad, result), *[(operands[i], labels[i]) for i in others]]
    known = {
        label
        for array, of_one in factors
        for label, size in zip(of_one, array.shape, strict=True)
        if size != 1
    }
    own, fresh = [], 1 + max([label for each in labels for label in each], default=0)
    for size, label in zip(operands[place].shape, labels[place], strict=True):
        options = {"dtype": grad.dtype, "device": grad.device}
        if label not in known:
            factors.append((torch.ones(size, **options), [label]))
            known.add(label)
        if label in own:
            factors.append((torch.eye(size, **options), [label, fresh]))
            label, fresh = fresh, fresh + 1
        own.append(label)
    arrays, letters = zip(*factors, strict=True)
    slope = torch.einsum(equation_of(letters, own), *arrays)
    return slope.sum_to_size(operands[place].shape)


def equation_of(labels, result):
    """The equation for lists of numbers, as torch spells it: 0 is A, 26 is a."""
    terms = ["".join(map(letter, each)) for each in labels]
    arrow = "" if result is None else "->" + "".join(map(letter, result))
    return ",".join(terms) + arrow


def letter(number):
    """The letter for a number from 0 to 51; three dots for an ellipsis."""
    if number is Ellipsis:
        return "..."
    if not 0 <= number < 52:
        raise ValueError(
            f"einsum(): subscript {number} is not within the valid range [0, 52)"
        )
    return string.ascii_uppercase[number] if number < 26 else chr(number + 71)


def labels_of(equation, ndims):
    """For each operand a number for each dimension; the same for the result.

    Letters have numbers as in torch's own lists, and an ellipsis those above, so that
    its last dimension is the same for all operands.
    """
    terms, arrow, result = equation.replace(" ", "").partition("->")
    terms = terms.split(",")
    named = sorted({c for c in "".join(terms) if c.isalpha()})
    number = {letter: place for place, letter in enumerate(named)}
    lengths = [n - len(term.replace("...", "")) for n, term in zip(ndims, terms)]  # noqa: B905
    hidden = max([n for n, term in zip(lengths, terms) if "..." in term], default=0)  # noqa: B905
    every = list(range(len(named), len(named) + hidden))
    if not arrow:
        once = [c for c in named if "".join(terms).count(c) == 1]
        result = "..." * any("..." in term for term in terms) + "".join(once)

    def numbers(term, length):
        before, dots, after = term.partition("...")
        middle = every[hidden - length :] if dots else []
        return [number[c] for c in before] + middle + [number[c] for c in after]

    labels = [numbers(term, n) for term, n in zip(terms, lengths, strict=True)]
    return labels, numbers(result, hidden)
