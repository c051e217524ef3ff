"""micrograd: an engine over single numbers, as the course's chapter 01 builds one."""

from micrograd.engine import Value


def left_out(task, problem):
    """What single numbers can't do."""
    if task == "chain":
        return "its backward is recursive, and so can't go 1,000 operations deep"
    if problem.classes:
        return "a step would make 60 million objects, one for each number"
    return None


def step(problem):
    """One step of plain SGD, number by number."""
    layers = [
        (
            [[Value(float(w)) for w in row] for row in weight],
            [Value(float(b)) for b in bias],
        )
        for weight, bias in zip(problem.weights, problem.biases, strict=True)
    ]
    leaves = [v for rows, bias in layers for row in [*rows, bias] for v in row]
    points, targets = problem.inputs.tolist(), problem.targets[:, 0].tolist()

    def run():
        for leaf in leaves:
            leaf.grad = 0
        pairs = zip(points, targets, strict=True)
        errors = [(answer(layers, point) - target) ** 2 for point, target in pairs]
        loss = sum(errors[1:], errors[0]) * (1 / len(errors))
        loss.backward()
        for leaf in leaves:
            leaf.data -= problem.lr * leaf.grad
        return loss.data

    return run


def answer(layers, signal):
    """The network's output for one point."""
    for place, (rows, bias) in enumerate(layers):
        signal = [each.relu() for each in signal] if place else signal
        signal = [
            sum((w * s for w, s in zip(row, signal, strict=True)), b)
            for row, b in zip(rows, bias, strict=True)
        ]
    return signal[0]
