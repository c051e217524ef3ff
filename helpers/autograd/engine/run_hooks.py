"""Running hooks while gradients pass.

With this module one can: run the hooks of the tensors that a node made
(`run_tensor_hooks`), all hooks of a node or a leaf before it works (`run_pre_hooks`),
and those after (`run_post_hooks`). Hooks are handed Tensors; the engine gets back what
it works with, raw arrays unless it records.
"""

from helpers.autograd.tensor.tensor import Tensor, wrap


def run_pre_hooks(node, gradient, recording):
    """The gradient of a node's outputs after tensor hooks, retain_grad and prehooks."""
    gradient = run_tensor_hooks(node, gradient, recording)
    if not node.hooks.before:
        return gradient
    several = gradient.__class__ is list
    gradients = as_tensors(gradient if several else [gradient])
    for hook in list(node.hooks.before.values()):
        changed = hook(tuple(gradients))
        if changed is not None:
            gradients = as_gradients(changed, len(gradients), "register_prehook")
    found = gradients if recording else as_raws(gradients)
    return found if several else found[0]


def run_tensor_hooks(node, gradient, recording):
    """The gradient of a node's outputs after their own hooks; retained where asked."""
    hooks = node.hooks
    several = gradient.__class__ is list
    gradients = as_tensors(gradient if several else [gradient])
    for index, each in enumerate(gradients):
        if each is not None and index in hooks.of_output:
            gradients[index] = run_in_turn(hooks.of_output[index], each)
    for index, retaining in hooks.retained.items():
        tensor = retaining()
        if tensor is not None and gradients[index] is not None:
            keep_gradient(tensor, gradients[index], recording)
    found = gradients if recording else as_raws(gradients)
    return found if several else found[0]


def keep_gradient(tensor, gradient, recording):
    """Put a copy where `retain_grad` promised it, or add to what is there."""
    if not recording:
        gradient = wrap(gradient.data.clone())
    before = tensor._grad
    tensor._grad = gradient if before is None else before + gradient


def run_post_hooks(node, inputs_gradients, gradient, recording):
    """The gradients of a node's inputs after the hooks that run behind it."""
    inward = tuple(as_tensors(list(inputs_gradients)))
    outward = tuple(as_tensors(gradient if gradient.__class__ is list else [gradient]))
    for hook in list(node.hooks.after.values()):
        changed = hook(inward, outward)
        if changed is not None:
            inward = tuple(as_gradients(changed, len(inward), "register_hook"))
    return inward if recording else as_raws(inward)


def run_in_turn(hooks, gradient):
    """The gradient after each hook had its turn; one that returns None leaves it."""
    for hook in list(hooks.values()):
        changed = hook(gradient)
        if changed is not None:
            gradient = checked_replacement(changed, gradient)
    return gradient


def run_end_hooks(leaf):
    """Call what waits for the end of the pass that reached a leaf."""
    for hook in list(leaf.hooks.ended.values()):
        hook(leaf)


def checked_replacement(changed, gradient):
    """Refuse what a hook may not put in a gradient's place, as torch does."""
    if not isinstance(changed, Tensor):
        raise TypeError(
            f"hook returned {type(changed).__name__}; expected a Tensor or None"
        )
    for name in ("shape", "dtype", "device"):
        was, is_now = getattr(gradient, name), getattr(changed, name)
        if was != is_now:
            raise RuntimeError(
                f"hook has changed the {name} of value: from {was} to {is_now}; "
                "return a gradient like the one that was given"
            )
    return changed


def as_tensors(gradients):
    """Tensors in the place of raw arrays; None stays."""
    return [
        each if each is None or isinstance(each, Tensor) else wrap(each)
        for each in gradients
    ]


def as_raws(gradients):
    """Raw arrays in the place of Tensors; None stays."""
    return [each.data if isinstance(each, Tensor) else each for each in gradients]


def as_gradients(changed, count, registered_by):
    """What a hook of a node returned, as a list of `count` gradients."""
    if not isinstance(changed, tuple):
        raise TypeError(
            f"expected tuple, but a hook from {registered_by} returned "
            f"{type(changed).__name__}; return one gradient for each that was given"
        )
    if len(changed) != count:
        raise RuntimeError(
            f"a hook from {registered_by} returned {len(changed)} gradients; expected "
            f"{count}, one for each that it was given"
        )
    return list(changed)
