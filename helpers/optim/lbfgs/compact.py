"""The two loops of LBFGS as two triangular systems, for many short vectors.

Each loop computes one number a pair from those before it: substitution, in a triangular
system of equations. Written as systems, a direction takes a dozen operations of torch
instead of four for each pair.
"""

import torch


class CompactHistory:
    """Pairs (s, y) as rows of two matrices, and the products y . s below the diagonal.

    The matrices `S` and `Y` are copies: double the memory. Made anew from the same
    lists they are the same to the last bit, so that a run that is saved and resumed is.

    Args:
        steps: a list of flat vectors, the s, oldest first, one or more.
        changes: a list of as many vectors, the y.

    Source: what Byrd, Nocedal and Schnabel, Representations of quasi-Newton matrices
    (1994), do for BFGS; here it is done to the loops, which chapter 12 builds.

    >>> s, y = torch.tensor([1.0, 0.0]), torch.tensor([4.0, 0.0])
    >>> history = CompactHistory([s], [y])
    >>> history.direction(torch.tensor([8.0, 8.0]), gamma=0.25)
    tensor([-2., -2.])
    """

    def __init__(self, steps, changes):
        self.S, self.Y = torch.stack(steps), torch.stack(changes)
        self.products = self.S.new_zeros(len(steps), len(steps))
        for place in range(len(steps)):
            self.fill(place)

    def push(self, s, y, count):
        """Append a pair, the youngest; the last `count` are kept, with it."""
        known = count - 1
        before, first = self.products, len(self.products) - known
        self.S = appended(self.S, first, s)
        self.Y = appended(self.Y, first, y)
        self.products = before.new_zeros(count, count)
        self.products[:known, :known] = before[first:, first:]
        self.fill(known)

    def fill(self, place):
        """Compute a row of the products, up to the diagonal."""
        # Not a matrix product: there a number may depend on how many rows there are.
        row = self.S[: place + 1] * self.Y[place]
        self.products[place, : place + 1] = row.sum(1)

    def direction(self, gradient, gamma):
        """What the two loops make of a gradient; `gamma` stands between them.

        With L the lower triangle of Y times S turned round, and D its diagonal:
        a = -inverse(L turned round) S gradient, then q = -gradient - a Y, then
        c = inverse(L) (D a - gamma Y q). The direction is gamma q + c S.
        """
        L = self.products
        a = solve(L.mT, -(self.S @ gradient), upper=True)
        q = gradient.neg().addmv_(self.Y.mT, a, alpha=-1)
        c = solve(L, L.diagonal() * a - gamma * (self.Y @ q), upper=False)
        return q.mul_(gamma).addmv_(self.S.mT, c)


def appended(matrix, first, row):
    """The rows of a matrix from the one at `first` on, and another row behind them.

    They lie at the beginning of memory that has room for more: what was there before is
    written over, or is left when there is no room.
    """
    known = len(matrix) - first
    room = matrix._base if matrix._base is not None else matrix
    if known == len(room):
        room = matrix.new_empty(2 * known, len(row))
        room[:known] = matrix
    elif first:
        room[:known] = matrix[first:].clone()
    room[known] = row
    return room[: known + 1]


def solve(triangle, right, upper):
    """The solution of a triangular system with one right-hand side, a vector."""
    column = right.unsqueeze(1)
    return torch.linalg.solve_triangular(triangle, column, upper=upper).squeeze(1)
