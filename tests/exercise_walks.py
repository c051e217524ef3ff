"""Walks of PyTorch's optimizers, for comparing worked solutions with them."""

import torch


def parameter(*numbers):
    """A parameter of these numbers, in double precision."""
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)


def walk(optimizer, p, gradients, rates=None):
    """Step once for each gradient, and give the place after each step, as a list.

    A gradient is numbers, or a function from the place to a tensor. It is a generator:
    whoever asks for the next place may first look at the state, or move `p`.
    """
    for count, gradient in enumerate(gradients):
        if rates is not None:
            optimizer.param_groups[0]["lr"] = rates[count]
        here = gradient(p.detach()) if callable(gradient) else torch.tensor(gradient)
        p.grad = here.to(p.dtype).reshape(p.shape)
        optimizer.step()
        yield p.tolist()


def descend(optimizer, p, loss_of, steps, clear=True):
    """The four lines, so many times: the places from the start on, as tensors."""
    places = [p.detach().clone()]
    for _ in range(steps):
        if clear:
            optimizer.zero_grad()
        loss_of(p).backward()
        optimizer.step()
        places.append(p.detach().clone())
    return places
