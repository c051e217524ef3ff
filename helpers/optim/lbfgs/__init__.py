"""L-BFGS: a quasi-Newton method with little memory."""

from helpers.optim.lbfgs.optimizer import LBFGS

__all__ = ["LBFGS"]
