"""The engine: gradients travel from the outputs down to the leaves.

With this module one can: fill the `.grad` of leaves (`backward`), and compute gradients
without touching any `.grad` (`grad`).
"""

from helpers.autograd.engine.anomaly import pass_kind
from helpers.autograd.engine.grad_outputs import as_tuple, make_grads
from helpers.autograd.engine.inputs import Inputs, inputs_of


def backward(tensors, grad_tensors=None, retain_graph=None, create_graph=False,
             inputs=None):  # fmt: skip
    """Add d tensors / d leaf to the `.grad` of every leaf below `tensors`.

    Args:
        tensors: a Tensor or several, the outputs to start from.
        grad_tensors: for each its own gradient, of its shape; may be None for a
            tensor of one element, which starts with 1.
        retain_graph: keep what the graph saved, for another backward. Unless given,
            the same as `create_graph`.
        create_graph: record the backward pass too, so that gradients have gradients.
        inputs: the tensors to fill; unless given, all leaves.

    Raises: RuntimeError for a tensor that does not require grad, for one of several
    elements without a gradient, for a graph that was freed, and for a saved array that
    was changed in place.

    >>> from helpers.autograd import tensor
    >>> x = tensor([1.0, 2.0], requires_grad=True)
    >>> backward((x * x).sum())
    >>> x.grad
    tensor([2., 4.])

    Source: torch.autograd.backward. Built in chapter 03.
    """
    outputs = as_tuple(tensors)
    gradients = make_grads(outputs, grad_tensors, create_graph)
    if inputs is not None:
        inputs = Inputs(inputs_of(inputs, "backward"), outputs, fill=True)
    keep = create_graph if retain_graph is None else retain_graph
    pass_kind()(keep, create_graph, inputs).run(outputs, gradients)


def grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False,
         allow_unused=None, materialize_grads=False):  # fmt: skip
    """The gradients d outputs / d inputs, as a tuple; no `.grad` changes.

    Args:
        outputs: a Tensor or several, the outputs to start from.
        inputs: a Tensor or several, leaves or not.
        grad_outputs: for each output its own gradient, of its shape; may be None for
            an output of one element, which starts with 1.
        retain_graph: keep what the graph saved, for another backward. Unless given,
            the same as `create_graph`.
        create_graph: record the backward pass too, so that gradients have gradients.
        allow_unused: whether an input may be one that the outputs do not depend on; its
            gradient is None. Unless given, allowed only with `materialize_grads`.
        materialize_grads: zeros in place of None.

    Raises: as `backward`; RuntimeError for an unused input, unless allowed, and
    ValueError if `materialize_grads` is asked for while unused inputs are forbidden.

    >>> from helpers.autograd import tensor
    >>> x = tensor(3.0, requires_grad=True)
    >>> (slope,) = grad(x * x, x, create_graph=True)
    >>> slope.item(), grad(slope, x)[0].item()
    (6.0, 2.0)

    Source: torch.autograd.grad. Built in chapter 03.
    """
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads="
            "True, but got: allow_unused=False."
        )
    outputs = as_tuple(outputs)
    gradients = make_grads(outputs, grad_outputs, create_graph)
    inputs = Inputs(inputs_of(inputs, "grad"), outputs)
    keep = create_graph if retain_graph is None else retain_graph
    pass_kind()(keep, create_graph, inputs).run(outputs, gradients)
    return inputs.gradients(allow_unused, materialize_grads, create_graph)
