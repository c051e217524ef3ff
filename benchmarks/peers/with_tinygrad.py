"""tinygrad: lazy tensors; the whole step is captured by its TinyJit."""

from tinygrad import Context, Tensor, TinyJit
from tinygrad.nn.optim import SGD


def left_out(task, problem):
    """A chain is left out: tinygrad fuses a graph before it runs it."""
    if task == "chain":
        return "1,000 operations in a row are not what it is made for"
    return None


def step(problem):
    """One step of SGD, replayed from the third call on."""
    inputs, targets = Tensor(problem.inputs), Tensor(problem.targets)
    parameters = [Tensor(each).is_param_() for each in problem.parameters()]
    optimizer = SGD(parameters, problem.lr, problem.momentum)

    @TinyJit
    def compiled():
        optimizer.zero_grad()
        signal = inputs
        for place in range(0, len(parameters), 2):
            signal = signal.relu() if place else signal
            signal = signal.linear(parameters[place].T, parameters[place + 1])
        if problem.classes:
            loss = signal.sparse_categorical_crossentropy(targets)
        else:
            loss = (signal - targets).square().mean()
        loss.backward()
        return loss.realize(*optimizer.schedule_step())

    def run():
        with Context(TRAINING=1):
            return compiled().item()

    return run
