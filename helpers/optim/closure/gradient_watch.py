"""Watch what one call of a closure does to the gradients that are there before.

A closure that forgets zero_grad() adds to them. That can't be seen afterwards, for a
closure may call backward() for several mini-batches. So a `GradientWatch` looks at the
moment when the first backward() reaches a parameter.
"""

from helpers.optim.base.parameters import array_of

FORGOT_ZERO_GRAD = (
    "gradients of the time before were still there when the closure called "
    "backward(), and were added to; allowed are gradients of one evaluation: call "
    "optimizer.zero_grad() at the beginning of the closure, not before step()"
)
FORGOT_BACKWARD = (
    "the closure returned a new loss, but the gradients are those of the time before; "
    "a closure must leave those that belong to its loss: call loss.backward() inside"
)


class GradientWatch:
    """Whether a call of a closure clears gradients, and whether it makes new ones.

    Use it in a `with` statement around the call. Attributes, after it: `adds`, whether
    gradients of before, not all zero, were there when `backward()` added to them;
    `is_idle`, whether no gradient was touched. How it is told: a hook on each parameter
    sees `.grad` just before it is added to. If it is then the same array as before the
    call, in the same version (torch counts changes in place), it was not cleared.
    Numbers are looked at only then, since an array can be zeroed without being counted,
    through `.data`. `torch.autograd.grad`, which adds to nothing, is not mistaken.

    >>> import torch
    >>> weight = torch.nn.Parameter(torch.ones(2))
    >>> weight.sum().backward()
    >>> with GradientWatch([weight]) as watch:
    ...     weight.sum().backward()
    >>> watch.adds, watch.is_idle
    (True, False)
    """

    def __init__(self, parameters):
        self.marks = marks_of(parameters)
        self.adds = False
        self.ready = set()  # ids of parameters whose gradient was seen not cleared
        self.handles = []

    def __enter__(self):
        for parameter, gradient, version in self.marks:
            if gradient is not None and parameter.requires_grad and parameter.is_leaf:
                self.hook(parameter, gradient, version)
        return self

    def hook(self, parameter, gradient, version):
        """Look at a parameter before and after each time it is added to."""
        key = id(parameter)

        def before(_):
            self.ready.discard(key)
            if is_as_before(parameter, gradient, version) and is_nonzero(gradient):
                self.ready.add(key)

        def after(_):
            self.adds = self.adds or key in self.ready

        self.handles.append(parameter.register_hook(before))
        self.handles.append(parameter.register_post_accumulate_grad_hook(after))

    def __exit__(self, *error):
        for handle in self.handles:
            handle.remove()

    @property
    def is_idle(self):
        """Whether all gradients are the arrays of before, unchanged."""
        return all(is_as_before(*mark) for mark in self.marks)


def marks_of(parameters):
    """Each parameter with its gradient and the gradient's version, None for none."""
    gradients = [each.grad for each in parameters]
    versions = [None if each is None else array_of(each)._version for each in gradients]
    return list(zip(parameters, gradients, versions, strict=True))


def is_as_before(parameter, gradient, version):
    """Whether a parameter's gradient is the one that was marked, unchanged."""
    now = parameter.grad
    return now is gradient and (now is None or array_of(now)._version == version)


def is_nonzero(gradient):
    """Whether any entry of a gradient is not zero."""
    array = array_of(gradient)
    return bool((array.to_dense() if array.is_sparse else array).any())
