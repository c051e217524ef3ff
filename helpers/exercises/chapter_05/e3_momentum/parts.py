"""Exercise 5.3's answers as code: the right class, and the wrong ones."""

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


def variant(first=torch.clone, mix=None, ahead=None, sign=-1, skip=True, clears=False):
    """A class with another first buffer, sum, direction, sign or treatment of None."""
    mix = mix or (lambda momentum: (momentum, 1.0))
    ahead = ahead or (lambda gradient, buffer, momentum: buffer)

    class Variant(Momentum):
        def step(self):
            for p in self.parameters:
                if p.grad is None and skip:
                    continue
                gradient = torch.zeros_like(p) if p.grad is None else p.grad.data
                if p not in self.state:
                    self.state[p] = first(gradient)
                else:
                    fade, share = mix(self.momentum)
                    self.state[p].mul_(fade).add_(gradient, alpha=share)
                looked_at = ahead(gradient, self.state[p], self.momentum)
                p.data += sign * self.lr * looked_at
                if clears:
                    p.grad = None

    return Variant


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


def rate_inside(self, p, gradient):
    """The rate in the buffer."""
    buffer = self.momentum * self.state.get(p, 0.0) + self.lr * gradient
    follow(self, p, buffer, lr=1.0)


def one_for_all(self, p, gradient):
    """One buffer for all parameters."""
    buffer = self.momentum * self.state.get("buffer", 0.0) + gradient
    self.state["buffer"] = buffer
    p.data -= self.lr * buffer


def aliased_once(self, p, gradient):
    """The first buffer is the array in .grad, and later ones are new arrays."""
    old = self.state.get(p)
    follow(self, p, gradient if old is None else self.momentum * old + gradient)


def into_the_gradient(self, p, gradient):
    """The buffer is added to .grad, in place."""
    if p in self.state:
        gradient.add_(self.state[p], alpha=self.momentum)
    follow(self, p, gradient.clone())


def gradient_kept(self, p, gradient):
    """The last gradient in the place of the buffer."""
    step = gradient + self.momentum * self.state.get(p, 0.0)
    self.state[p] = gradient.clone()
    p.data -= self.lr * step


def first_twice(self, p, gradient):
    """The first gradient fills the buffer, and is added to it as well."""
    follow(self, p, self.momentum * self.state.get(p, gradient) + gradient)


def nothing_moves(self, p, gradient):
    """The buffer is right, and `p = ...` moves nothing."""
    self.state[p] = self.momentum * self.state.get(p, 0.0) + gradient


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
