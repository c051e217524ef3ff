"""The floor: the arithmetic of a task in raw kernels, with no tape and no hooks.

With this module one can: make a candidate for a chain of operations (`chain`) and for a
training step of a network (`step`). The derivatives are written out by hand, and the
arrays require no gradient, so what is left is the time that torch's kernels take.
"""

import torch

aten = torch.ops.aten


def chain(problem):
    """A candidate that goes through a chain and back."""
    x, w, b = [torch.from_numpy(each) for each in problem.arrays()]
    ones = torch.ones(4)
    there_and_back = mixed_chain if problem.mixed else mul_chain
    return lambda: sum(there_and_back(x, w, b, ones, problem.length).tolist())


def mul_chain(x, w, b, gradient, length):
    """The gradient of x, times w again and again."""
    factors = []
    for _ in range(length):
        factors.append(x)
        x = torch.mul(x, w)
    of_w = torch.zeros_like(w)
    for factor in reversed(factors):
        of_w += torch.mul(gradient, factor)
        gradient = torch.mul(gradient, w)
    return gradient


def mixed_chain(x, w, b, gradient, length):
    """The gradient of x, through mul, add, tanh and mul in turn."""
    saved = []
    for _ in range(length // 4):
        before = x
        squashed = torch.tanh(torch.add(torch.mul(x, w), b))
        saved.append((before, squashed))
        x = torch.mul(squashed, w)
    of_w, of_b = torch.zeros_like(w), torch.zeros_like(b)
    for before, squashed in reversed(saved):
        of_w += torch.mul(gradient, squashed)
        gradient = aten.tanh_backward(torch.mul(gradient, w), squashed)
        of_b += gradient
        of_w += torch.mul(gradient, before)
        gradient = torch.mul(gradient, w)
    return gradient


def step(problem):
    """A candidate for a training step, with torch's fused kernel of SGD."""
    parameters = [torch.from_numpy(each) for each in problem.parameters()]
    inputs, targets = (
        torch.from_numpy(problem.inputs),
        torch.from_numpy(problem.targets),
    )
    momenta = [torch.zeros_like(each) for each in parameters] * bool(problem.momentum)
    rate = {"lr": problem.lr, "momentum": problem.momentum, "weight_decay": 0.0}
    rate |= {"dampening": 0.0, "nesterov": False, "maximize": False}
    loss_and_gradient = cross_entropy if problem.classes else mean_squared_error

    def run():
        signals, signal = [], inputs
        for place in range(0, len(parameters), 2):
            signal = signal.relu() if place else signal
            signals.append(signal)
            weight, bias = parameters[place : place + 2]
            signal = torch.addmm(bias, signal, weight.t())
        loss, gradient = loss_and_gradient(signal, targets)
        gradients = gradients_of(parameters, signals, gradient)
        torch._fused_sgd_(parameters, gradients, momenta, **rate, is_first_step=False)
        return loss.item()

    return run


def gradients_of(parameters, signals, gradient):
    """The gradients of weight, bias, weight, bias ... from that of the output."""
    gradients = []
    for place in range(len(signals) - 1, -1, -1):
        gradients += [gradient.sum(0), gradient.t().mm(signals[place])]
        if place:
            before = gradient.mm(parameters[2 * place])
            gradient = aten.threshold_backward(before, signals[place], 0)
    return gradients[::-1]


def cross_entropy(logits, targets):
    """The loss, and the gradient of the logits."""
    logs = torch.log_softmax(logits, 1)
    one = torch.ones(())
    loss, total = aten.nll_loss_forward(logs, targets, None, 1, -100)
    picked = aten.nll_loss_backward(one, logs, targets, None, 1, -100, total)
    return loss, aten._log_softmax_backward_data(picked, logs, 1, logs.dtype)


def mean_squared_error(outputs, targets):
    """The loss, and the gradient of the outputs."""
    loss = torch.nn.functional.mse_loss(outputs, targets)
    return loss, aten.mse_loss_backward(torch.ones(()), outputs, targets, 1)
