"""The finished pieces that the chapters of "Backward and Step" build and use.

With this package one can
- find and time the devices of this machine (helpers.devices), and say what lies on
  which of two (helpers.two_devices),
- descend on functions whose minimum is known (helpers.problems),
- load small data sets without a network (helpers.data),
- differentiate (helpers.autograd),
- draw figures, graphs and live figures (helpers.viz),
- read the finished code inside a notebook (helpers.notebook),
- train and checkpoint (helpers.loop), and on many machines (helpers.parallel),
- check an exercise and see what is solved (helpers.exercises).
"""
