"""Hooks that see the gradients of a module's outputs and inputs, as torch.nn has them.

A module with such hooks is called between two nodes of the graph that only hand on:
the hooks run as backward passes these.
"""

import warnings

from helpers.autograd import Function, Tensor, is_grad_enabled

NO_INPUTS = (
    "Full backward hook is firing when gradients are computed with respect to module "
    "outputs since no inputs require gradients. Have an input require them if the hook "
    "is to see its gradient"
)
NO_TENSORS = (
    "For backward hooks to be called, module output should be a Tensor or a tuple of "
    "Tensors but received {kind}. Return one of these from forward"
)


class BackwardHookFunction(Function):
    """Hand tensors on; the node is a place for hooks."""

    @staticmethod
    def forward(ctx, *tensors):
        """The same tensors."""
        ctx.mark_non_differentiable(*[t for t in tensors if not t.requires_grad])
        return tensors

    @staticmethod
    def backward(ctx, *gradients):
        """The same gradients."""
        return gradients


class BackwardHooks:
    """One call of a module: where its inputs and outputs pass, and what runs there.

    Args:
        module: what the hooks are told of.
        hooks: those of `register_full_backward_hook`, in order.
        pre_hooks: those of `register_full_backward_pre_hook`.

    Source: torch.utils.hooks.BackwardHook.
    """

    def __init__(self, module, hooks, pre_hooks):
        self.module, self.hooks, self.pre_hooks = module, hooks, pre_hooks
        self.inputs = self.outputs = None  # the places that hold tensors, if watched
        self.grad_outputs = None  # between both nodes

    @classmethod
    def of(cls, module):
        """Those of a module that is about to be called; None if it has none."""
        hooks, pre_hooks = module._backward_hooks, module._backward_pre_hooks
        if not (hooks or pre_hooks):
            return None
        return cls(module, tuple(hooks.values()), tuple(pre_hooks.values()))

    def of_inputs(self, args):
        """The arguments, past the first node."""
        self.count = len(args)
        passed, self.inputs = watched(args, self._at_inputs)
        return passed

    def of_outputs(self, result):
        """What forward gave, past the second node."""
        if not isinstance(result, Tensor | tuple):
            warnings.warn(NO_TENSORS.format(kind=type(result)), stacklevel=4)
        results = result if isinstance(result, tuple) else (result,)
        passed, self.outputs = watched(results, self._at_outputs)
        self.outputs_count = len(results)
        return passed if isinstance(result, tuple) else passed[0]

    def _at_outputs(self, _, gradients):
        """Run the pre-hooks on the gradients of the outputs."""
        given = spread(self.outputs, gradients, self.outputs_count)
        for hook in self.pre_hooks:
            changed = hook(self.module, given)
            given = checked("pre hook", "grad_output", changed, given)
        self.grad_outputs = given
        if self.inputs is None:
            self._without_inputs()
        return tuple(given[place] for place in self.outputs)

    def _without_inputs(self):
        """Run the hooks at once: no input takes a gradient."""
        warnings.warn(NO_INPUTS, stacklevel=2)
        nothing = (None,) * self.count
        for hook in self.hooks:
            changed = hook(self.module, nothing, self.grad_outputs)
            if not (changed is None or is_nothing(changed)):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should "
                    "always return None or None for all gradients. Return None, or "
                    "have an input require grad"
                )
        self.grad_outputs = None

    def _at_inputs(self, gradients, _):
        """Run the hooks on the gradients of the inputs, once those of the outputs came.

        They did not where a gradient reaches the inputs by another way.
        """
        if self.grad_outputs is None:
            return None
        given = spread(self.inputs, gradients, self.count)
        for hook in self.hooks:
            changed = hook(self.module, given, self.grad_outputs)
            given = checked("hook", "grad_input", changed, given)
        self.grad_outputs = None
        return tuple(given[place] for place in self.inputs)


def watched(values, hook):
    """The values, with their tensors past a node that has a hook; and their places.

    The places are None, and nothing is done, if no gradient will come.
    """
    places = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
    if not (is_grad_enabled() and any(values[i].requires_grad for i in places)):
        return values, None
    passed = BackwardHookFunction.apply(*[values[i] for i in places])
    node = next(each.grad_fn for each in passed if each.grad_fn is not None)
    node.register_hook(hook)
    found = list(values)
    for place, tensor in zip(places, passed, strict=True):
        found[place] = tensor
    is_named = type(values) is not tuple
    return type(values)(*found) if is_named else tuple(found), places


def spread(places, gradients, count):
    """A tuple with a gradient at each of the places, and None elsewhere."""
    found = dict(zip(places, gradients, strict=True))
    return tuple(found.get(place) for place in range(count))


def checked(kind, what, changed, given):
    """What a hook returned, unless None; RuntimeError for another number."""
    if changed is None:
        return given
    if len(changed) != len(given):
        raise RuntimeError(
            f"Backward {kind} returned an invalid number of {what}, got {len(changed)},"
            f" but expected {len(given)}. Return a tuple with one for each, or None"
        )
    return changed


def is_nothing(changed):
    """Whether a hook returned a tuple of None alone."""
    return isinstance(changed, tuple) and all(each is None for each in changed)
