"""SGD for the peers whose gradients are NumPy arrays."""

import numpy as np


class SGD:
    """Change NumPy parameters in place, as torch.optim.SGD does.

    >>> parameter = np.ones(1)
    >>> SGD([parameter], lr=0.1, momentum=0.9).step([np.ones(1)])
    >>> parameter.round(2)
    array([0.9])
    """

    def __init__(self, parameters, lr, momentum):
        self.parameters, self.lr, self.momentum = parameters, lr, momentum
        self.velocities = [np.zeros_like(each) for each in parameters]

    def step(self, gradients):
        """One step along `gradients`, one for each parameter."""
        triples = zip(self.parameters, self.velocities, gradients, strict=True)
        for parameter, velocity, gradient in triples:
            velocity *= self.momentum
            velocity += gradient
            parameter -= self.lr * velocity
