"""The five lines as a function that trains any model.

With this module one can
- train (fit), and look at what came of it (History),
- measure a model without training it (evaluate, Evaluation),
- reach into the loop at four places (Run: what a callback is handed).

Chapter 08 builds it; chapters 09 and 10 go on with schedulers and checkpoints.
"""

from helpers.loop.train.evaluate import Evaluation, evaluate
from helpers.loop.train.fit import fit
from helpers.loop.train.history import History
from helpers.loop.train.run import Run

__all__ = ["Evaluation", "History", "Run", "evaluate", "fit"]
