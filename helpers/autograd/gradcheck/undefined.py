"""gradcheck's look at backwards that are handed None: no gradient at all.

Our engine goes nowhere without a gradient; torch's does, and calls with None what
stands there: hooks of tensors, and the backward of a Function.
"""

import warnings

from helpers.autograd.function.node import FunctionNode
from helpers.autograd.grad_mode import no_grad
from helpers.autograd.gradcheck.checks import GradcheckError
from helpers.autograd.gradcheck.jacobian import differentiable
from helpers.autograd.tensor.tensor import edge_of

NOT_HANDLED = (
    "Expected backward function to handle undefined output grads. In torch it gets "
    "None where nothing depends on an output: return None or zeros then"
)
NOT_ZERO = (
    "Expected all input grads to be undefined or zero when all output grads are "
    "undefined or zero"
)
WARNING = (
    "Backwards compatibility: New undefined gradient support checking feature is "
    "enabled by default, but it may break existing callers of this function. If this "
    'is true for you, you can call this function with "check_undefined_grad=False" to '
    "disable the feature"
)


def check_undefined(func, inputs):
    """GradcheckError unless hooks and Functions can do without a gradient."""
    outputs = differentiable(func(*inputs))
    for node in nodes_below([edge_of(each).node for each in outputs]):
        try:
            run_without_gradient(node)
        except GradcheckError:
            warnings.warn(WARNING, UserWarning, stacklevel=4)
            raise
        except (RuntimeError, TypeError, AttributeError) as error:
            warnings.warn(WARNING, UserWarning, stacklevel=4)
            raise GradcheckError(NOT_HANDLED) from error


def run_without_gradient(node):
    """Call what is of the user's at a node with None in the place of gradients."""
    if node.hooks is not None:
        for hooks in node.hooks.of_output.values():
            for hook in hooks.values():
                hook(None)
    if not isinstance(node, FunctionNode):
        return
    with no_grad():
        given = [None] * node.outputs
        found = node.backward(given if node.outputs > 1 else None, recording=False)
    if any(each is not None and each.count_nonzero() for each in found):
        raise GradcheckError(NOT_ZERO)


def nodes_below(starts):
    """All nodes and leaves that some nodes lead to, and those nodes themselves."""
    found, stack = {}, list(starts)
    while stack:
        node = stack.pop()
        if node not in found:
            found[node] = None
            stack += [edge.node for edge in node.edges if edge is not None]
    return list(found)
