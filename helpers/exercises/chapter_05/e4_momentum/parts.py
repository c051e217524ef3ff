"""Exercise 5.4's answers as code: the right class, and the wrong ones."""

import torch


class Momentum:
    """SGD with momentum: a buffer for each parameter, from its first gradient on."""

    def __init__(self, parameters, lr, momentum):
        self.parameters, self.lr = list(parameters), lr
        self.momentum, self.state = momentum, {}

    def step(self):
        """Move each parameter that has a gradient along its buffer."""
        for p in self.parameters:
            if p.grad is None:
                continue
            if p not in self.state:
                self.state[p] = p.grad.data.clone()
            else:
                self.state[p].mul_(self.momentum).add_(p.grad.data)
            p.data -= self.lr * self.state[p]


def walk(move, skip=True):
    """A class whose step does `move(self, p, gradient)` for each parameter."""

    class Variant(Momentum):
        def step(self):
            for p in self.parameters:
                if p.grad is not None:
                    move(self, p, p.grad.data)
                elif not skip:
                    move(self, p, torch.zeros_like(p.data))

    return Variant


def follow(self, p, buffer, lr=None):
    """Keep a buffer and move along it."""
    self.state[p] = buffer
    p.data -= (self.lr if lr is None else lr) * buffer


def right(self, p, gradient):
    """As it should be."""
    follow(self, p, self.momentum * self.state.get(p, 0.0) + gradient)


def no_memory(self, p, gradient):
    """Plain SGD."""
    p.data -= self.lr * gradient


def averaged(self, p, gradient):
    """Every gradient scaled by (1 - momentum)."""
    old = self.state.get(p, 0.0)
    follow(self, p, self.momentum * old + (1 - self.momentum) * gradient)


def dampened_later(self, p, gradient):
    """PyTorch's dampening."""
    share = 1 - self.momentum if p in self.state else 1.0
    follow(self, p, self.momentum * self.state.get(p, 0.0) + share * gradient)


def rate_inside(self, p, gradient):
    """The rate in the buffer."""
    buffer = self.momentum * self.state.get(p, 0.0) + self.lr * gradient
    follow(self, p, buffer, lr=1.0)


def one_for_all(self, p, gradient):
    """One buffer for all parameters."""
    buffer = self.momentum * self.state.get("buffer", 0.0) + gradient
    self.state["buffer"] = buffer
    p.data -= self.lr * buffer


def aliased(self, p, gradient):
    """The first buffer is the array in .grad."""
    if p not in self.state:
        self.state[p] = gradient
    else:
        self.state[p].mul_(self.momentum).add_(gradient)
    p.data -= self.lr * self.state[p]


def aliased_once(self, p, gradient):
    """The first buffer is the array in .grad, and later ones are new arrays."""
    old = self.state.get(p)
    follow(self, p, gradient if old is None else self.momentum * old + gradient)


def into_the_gradient(self, p, gradient):
    """The buffer is added to .grad, in place."""
    if p in self.state:
        gradient.add_(self.state[p], alpha=self.momentum)
    follow(self, p, gradient.clone())


def plain_sum(self, p, gradient):
    """A buffer that never fades."""
    follow(self, p, self.state.get(p, 0.0) + gradient)


def fading_whole(self, p, gradient):
    """Momentum on the new gradient too."""
    follow(self, p, self.momentum * (self.state.get(p, 0.0) + gradient))


def gradient_kept(self, p, gradient):
    """The last gradient in the place of the buffer."""
    step = gradient + self.momentum * self.state.get(p, 0.0)
    self.state[p] = gradient.clone()
    p.data -= self.lr * step


def nesterov(self, p, gradient):
    """One step ahead."""
    buffer = self.momentum * self.state.get(p, 0.0) + gradient
    self.state[p] = buffer
    p.data -= self.lr * (gradient + self.momentum * buffer)


def first_twice(self, p, gradient):
    """The first gradient fills the buffer, and is added to it as well."""
    follow(self, p, self.momentum * self.state.get(p, gradient) + gradient)


def only_fades(self, p, gradient):
    """`mul_(...).add(gradient)`: the sum is thrown away."""
    faded = self.state[p].mul_(self.momentum) if p in self.state else None
    follow(self, p, gradient.clone() if faded is None else faded)


def first_for_ever(self, p, gradient):
    """`mul(...).add_(gradient)`: a new tensor is changed, and the buffer stays."""
    follow(self, p, self.state[p] if p in self.state else gradient.clone())


def nothing_moves(self, p, gradient):
    """The buffer is right, and `p = ...` moves nothing."""
    self.state[p] = self.momentum * self.state.get(p, 0.0) + gradient


def uphill(self, p, gradient):
    """The wrong sign."""
    buffer = self.momentum * self.state.get(p, 0.0) + gradient
    follow(self, p, buffer, lr=-self.lr)


def first_step_missing(self, p, gradient):
    """No move at the first gradient."""
    if p not in self.state:
        self.state[p] = gradient.clone()
        return
    right(self, p, gradient)


class ByPlace(Momentum):
    """Buffers by place among the parameters with a gradient."""

    def step(self):
        present = [p for p in self.parameters if p.grad is not None]
        for place, p in enumerate(present):
            old = self.state.get(place, 0.0)
            self.state[place] = self.momentum * old + p.grad.data
            p.data -= self.lr * self.state[place]


class Forgets(Momentum):
    """A skipped parameter loses its buffer."""

    def step(self):
        for p in self.parameters:
            if p.grad is None:
                self.state.pop(p, None)
            else:
                right(self, p, p.grad.data)


class EndsAtNone(Momentum):
    """The first parameter without a gradient ends the step."""

    def step(self):
        for p in self.parameters:
            if p.grad is None:
                return
            right(self, p, p.grad.data)


class NotAsked(Momentum):
    """Takes it that every parameter has a gradient."""

    def step(self):
        for p in self.parameters:
            right(self, p, p.grad.data)


class Clears(Momentum):
    """Clears the gradients after the step."""

    def step(self):
        super().step()
        for p in self.parameters:
            p.grad = None
