"""Say which parameter of an optimizer lies apart from its state, or from the others."""

from helpers.two_devices import places_of, with_places

MOVE_FIRST = (
    "State stays where it was made: move the model before you build its optimizer, or "
    "move what is there with optimizer.load_state_dict(optimizer.state_dict())"
)
ONE_DEVICE = "This method joins all parameters in one vector: move the model to one"


def with_places_of_state(error, optimizer):
    """An error of a step, with the first parameter that lies apart from its state."""
    caller = f"{type(optimizer).__name__}.step"
    for number, group in enumerate(optimizer.param_groups):
        for place, parameter in enumerate(group["params"]):
            state = optimizer.state.get(parameter, {})
            own = {f"its {name}": value for name, value in state.items()}
            name = f"parameter {place} of group {number}"
            values = {name: parameter, "its gradient": parameter.grad, **own}
            if len(places_of(values)) > 1:
                return with_places(error, caller, values, MOVE_FIRST)
    return error


def with_places_of_parameters(error, optimizer):
    """An error of a step that joins all parameters, with the places of them."""
    values = {
        f"parameter {place} of group {number}": parameter
        for number, group in enumerate(optimizer.param_groups)
        for place, parameter in enumerate(group["params"])
    }
    return with_places(error, f"{type(optimizer).__name__}.step", values, ONE_DEVICE)
