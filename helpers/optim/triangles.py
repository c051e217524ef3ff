"""The two loops of LBFGS as two triangular systems, for many short vectors.

Each loop computes one number a pair from those before it: substitution, in a triangular
system of equations. Written as systems, a direction takes ten operations of torch
instead of four for each pair.
"""

import torch


class Triangles:
    """Pairs (s, y) as rows of two matrices, and the products s . y of all of them.

    `steps` and `changes` are lists of flat vectors, the s and the y. `keep(count)` lets
    all but the last go. The copies are made only for this: double the memory.

    >>> step, change = torch.tensor([1.0, 0.0]), torch.tensor([4.0, 0.0])
    >>> triangles = Triangles([step], [change])
    >>> triangles.direction(torch.tensor([8.0, 8.0]), scale=0.25)
    tensor([-2., -2.])

    Source: what Byrd, Nocedal and Schnabel, Representations of quasi-Newton matrices
    (1994), do for BFGS; here it is done to the loops. Chapter 12 explains it.
    """

    def __init__(self, steps, changes):
        self.first, self.last = 0, len(steps)
        self.allot(torch.stack(steps), torch.stack(changes))
        self.products[: self.last, : self.last] = (
            self.rows(self.changes) @ self.rows(self.steps).mT
        )

    def allot(self, steps, changes, products=None):
        """Take matrices with twice as many rows, and put these in front."""
        count, length = steps.shape
        self.steps = steps.new_empty(2 * count, length)
        self.changes = steps.new_empty(2 * count, length)
        self.products = steps.new_zeros(2 * count, 2 * count)
        self.steps[:count], self.changes[:count] = steps, changes
        if products is not None:
            self.products[:count, :count] = products

    def rows(self, matrix):
        """The rows of a matrix that belong to pairs that are kept."""
        return matrix[self.first : self.last]

    def square(self):
        """The products y . s, a row for each y; below the diagonal are those needed."""
        return self.rows(self.products)[:, self.first : self.last]

    def add(self, step, change):
        """Take another pair in, the youngest."""
        if self.last == len(self.steps):
            kept = self.rows(self.steps), self.rows(self.changes), self.square()
            self.allot(*kept)
            self.first, self.last = 0, self.last - self.first
        self.steps[self.last], self.changes[self.last] = step, change
        self.last += 1
        row = self.products[self.last - 1, self.first : self.last]
        torch.mv(self.rows(self.steps), change, out=row)

    def keep(self, count):
        """Let the oldest go, all but so many."""
        self.first = max(self.first, self.last - count)

    def direction(self, gradient, scale):
        """What the two loops make of a gradient; `scale` stands between them.

        With S and Y the matrices of rows s and y, L the lower triangle of Y times S
        turned round, and D its diagonal: a = -inverse(L turned round) S gradient, then
        q = -gradient - a Y, then c = inverse(L) (D a - scale Y q). The direction is
        scale q + c S.
        """
        steps, changes = self.rows(self.steps), self.rows(self.changes)
        lower = self.square()
        shares = solve(lower.mT, -(steps @ gradient), upper=True)
        left = gradient.neg().addmv_(changes.mT, shares, alpha=-1)
        wanted = lower.diagonal() * shares - scale * (changes @ left)
        return left.mul_(scale).addmv_(steps.mT, solve(lower, wanted, upper=False))


def solve(triangle, right, upper):
    """The solution of a triangular system with one right-hand side, a vector."""
    column = right.unsqueeze(1)
    return torch.linalg.solve_triangular(triangle, column, upper=upper).squeeze(1)
