"""Forward and loss, with an error that says what lies on another device."""

from helpers.two_devices import with_places


def outputs_and_loss(caller, model, criterion, inputs, targets):
    """What a model makes of a batch, and the loss of it.

    Args:
        caller: who asks, for the error.
        model, criterion: modules or functions, torch's or ours.
        inputs, targets: a batch.

    Raises:
        RuntimeError: what torch says, with names if tensors lie on two devices.
    """
    try:
        outputs = model(inputs)
        return outputs, criterion(outputs, targets)
    except RuntimeError as error:
        values = {"inputs": inputs, "targets": targets}
        values |= _tensors_of("model", model) | _tensors_of("criterion", criterion)
        raise with_places(error, caller, values) from error


def _tensors_of(name, module):
    """Parameters and buffers of a module by their paths; of a function, none."""
    if not hasattr(module, "named_buffers"):
        return {}
    found = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    return {f"{name}.{path}": tensor for path, tensor in found.items()}
