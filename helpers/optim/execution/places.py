"""Say which parameter of an optimizer lies apart from its state, or from the others."""

MOST_NAMES = 3  # of one device
TWO_DEVICES = "found at least two devices"  # so torch says, a compiler of its too
MOVE_FIRST = (
    "State stays where it was made: move the model before you build its optimizer, or "
    "move what is there with optimizer.load_state_dict(optimizer.state_dict())"
)
ONE_DEVICE = "This method joins all parameters in one vector: move the model to one"


def with_places_of_state(error, optimizer):
    """An error of a step, with the first parameter that lies apart from its state."""
    for number, group in enumerate(optimizer.param_groups):
        for place, parameter in enumerate(group["params"]):
            state = optimizer.state.get(parameter, {})
            own = {f"its {name}": value for name, value in state.items()}
            name = f"parameter {place} of group {number}"
            tensors = {name: parameter, "its gradient": parameter.grad, **own}
            said = with_places(error, optimizer, tensors, MOVE_FIRST)
            if said is not error:
                return said
    return error


def with_places_of_parameters(error, optimizer):
    """An error of a step that joins all parameters, with the places of them."""
    tensors = {
        f"parameter {place} of group {number}": parameter
        for number, group in enumerate(optimizer.param_groups)
        for place, parameter in enumerate(group["params"])
    }
    return with_places(error, optimizer, tensors, ONE_DEVICE)


def with_places(error, optimizer, tensors, advice):
    """An error of torch's with the devices of some tensors, if these are two or more.

    Args:
        error: what torch raised; one that is about something else stays as it is.
        tensors: a dict from names to values; only arrays count among them, since a
            number such as Adam's count of steps may lie anywhere.
        advice: what to do.
    """
    places = {}
    for name, value in tensors.items():
        if hasattr(value, "device") and value.dim() > 0:
            places.setdefault(str(value.device), []).append(name)
    is_plain = type(error) is RuntimeError or TWO_DEVICES in str(error)
    if not is_plain or len(places) < 2:
        return error
    (device, names), *others = places.items()
    where = f"{listed(names)} {'are' if len(names) > 1 else 'is'} on {device}"
    where += "".join(f", {listed(names)} on {device}" for device, names in others)
    words = str(error).rstrip(".")
    said = RuntimeError(
        f"{words}. In {type(optimizer).__name__}.step, {where}. {advice}"
    )
    said.places = places  # who adds places to errors leaves this one alone
    return said


def listed(names):
    """The first few of some names, and how many more there are."""
    more = len(names) - MOST_NAMES
    return " and ".join([*names[:MOST_NAMES], *([f"{more} more"] if more > 0 else [])])
