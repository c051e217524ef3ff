"""The two loops of LBFGS as two triangular systems, for many short vectors.

Each loop computes one number a pair from those before it: substitution, in a triangular
system of equations. Written as systems, a direction takes a dozen operations of torch
instead of four for each pair.
"""

import torch


class Triangles:
    """Pairs (s, y) as rows of two matrices, and the products y . s below the diagonal.

    `steps` and `changes` are lists of flat vectors, the s and the y, oldest first, one
    pair or more. The matrices are copies: double the memory. Made anew from the same
    lists they are the same to the last bit, so that a run that is saved and resumed is.

    >>> step, change = torch.tensor([1.0, 0.0]), torch.tensor([4.0, 0.0])
    >>> triangles = Triangles([step], [change])
    >>> triangles.direction(torch.tensor([8.0, 8.0]), scale=0.25)
    tensor([-2., -2.])

    Source: what Byrd, Nocedal and Schnabel, Representations of quasi-Newton matrices
    (1994), do for BFGS; here it is done to the loops, which chapter 12 builds.
    """

    def __init__(self, steps, changes):
        self.steps, self.changes = torch.stack(steps), torch.stack(changes)
        self.products = self.steps.new_zeros(len(steps), len(steps))
        for place in range(len(steps)):
            self.fill(place)

    def renew(self, step, change, count):
        """Take another pair in, the youngest; the last `count` are kept, with it."""
        known = count - 1
        before, first = self.products, len(self.products) - known
        self.steps = appended(self.steps, first, step)
        self.changes = appended(self.changes, first, change)
        self.products = before.new_zeros(count, count)
        self.products[:known, :known] = before[first:, first:]
        self.fill(known)

    def fill(self, place):
        """Compute a row of the products, up to the diagonal."""
        # Not a matrix product: there a number may depend on how many rows there are.
        row = self.steps[: place + 1] * self.changes[place]
        self.products[place, : place + 1] = row.sum(1)

    def direction(self, gradient, scale):
        """What the two loops make of a gradient; `scale` stands between them.

        With S and Y the matrices of rows s and y, L the lower triangle of Y times S
        turned round, and D its diagonal: a = -inverse(L turned round) S gradient, then
        q = -gradient - a Y, then c = inverse(L) (D a - scale Y q). The direction is
        scale q + c S.
        """
        lower = self.products
        shares = solve(lower.mT, -(self.steps @ gradient), upper=True)
        left = gradient.neg().addmv_(self.changes.mT, shares, alpha=-1)
        wanted = lower.diagonal() * shares - scale * (self.changes @ left)
        rest = solve(lower, wanted, upper=False)
        return left.mul_(scale).addmv_(self.steps.mT, rest)


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
