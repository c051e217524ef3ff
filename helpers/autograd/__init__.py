"""loss.backward(): engines that turn a computation into gradients.

With this package one can: differentiate formulas over single numbers
(`helpers.autograd.scalar.Value`, chapter 01).
"""
