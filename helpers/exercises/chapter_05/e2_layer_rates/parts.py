"""Exercise 5.2's answers as code: the right groups, and the wrong ones."""


def layer_groups(layers, lr, factor):
    """Groups whose rate is lr for the last layer, and factor times less each before."""
    groups = []
    for k, layer in enumerate(reversed(layers)):
        free = [p for p in layer.parameters() if p.requires_grad]
        if free:
            groups.append({"params": free, "lr": lr * factor**k})
    return groups


def variant(rate=None, skip_frozen=True, skip_empty=True, key="lr"):
    """The solution with another `rate(place, count, lr, factor)`, or another flaw."""

    def layer_groups(layers, lr, factor):
        groups = []
        for place, layer in enumerate(layers):
            params = [
                p for p in layer.parameters() if p.requires_grad or not skip_frozen
            ]
            if params or not skip_empty:
                value = (rate or right)(place, len(layers), lr, factor)
                groups.append({"params": params, key: value})
        return groups

    return layer_groups


def right(place, count, lr, factor):
    """As it should be."""
    return lr * factor ** (count - 1 - place)


def from_the_front(place, count, lr, factor):
    """Powers counted from the first layer."""
    return lr * factor**place


def one_too_many(place, count, lr, factor):
    """One power too many."""
    return lr * factor ** (count - place)


def growing(place, count, lr, factor):
    """Divided in place of multiplied."""
    return lr / factor ** (count - 1 - place)


def linear(place, count, lr, factor):
    """Times the place; the last layer has lr."""
    return lr * factor * (count - 1 - place) or lr


def times_place(place, count, lr, factor):
    """Times the place; the last layer has 0."""
    return lr * factor * (count - 1 - place)


def two_rates(place, count, lr, factor):
    """One rate for all layers but the last."""
    return lr if place == count - 1 else lr * factor


def constant(place, count, lr, factor):
    """The factor is not used."""
    return lr


def counting_groups(layers, lr, factor):
    """Powers by the count of groups."""
    free = [[p for p in layer.parameters() if p.requires_grad] for layer in layers]
    filled = [params for params in free if params]
    pairs = enumerate(reversed(filled))
    return [{"params": params, "lr": lr * factor**k} for k, params in pairs]


def by_parameter(layers, lr, factor):
    """A group for each parameter."""
    groups = layer_groups(layers, lr, factor)
    return [{"params": [p], "lr": g["lr"]} for g in groups for p in g["params"]]


def whole_frozen_layers(layers, lr, factor):
    """Leaves a layer out if its first parameter is frozen, and keeps all otherwise."""
    groups = []
    for k, layer in enumerate(reversed(layers)):
        params = list(layer.parameters())
        if params and params[0].requires_grad:
            groups.append({"params": params, "lr": lr * factor**k})
    return groups


def all_or_none(skip_empty):
    """Leaves a layer out if one of its parameters is frozen."""

    def layer_groups(layers, lr, factor):
        groups = []
        for k, layer in enumerate(reversed(layers)):
            params = list(layer.parameters())
            if all(p.requires_grad for p in params) and (params or not skip_empty):
                groups.append({"params": params, "lr": lr * factor**k})
        return groups

    return layer_groups


def weights_only(layers, lr, factor):
    """Biases are left out."""
    groups = layer_groups(layers, lr, factor)
    weights = {id(getattr(layer, "weight", None)) for layer in layers}
    for group in groups:
        group["params"] = [p for p in group["params"] if id(p) in weights]
    return [group for group in groups if group["params"]]


def copies(layers, lr, factor):
    """The groups hold copies."""
    groups = layer_groups(layers, lr, factor)
    for group in groups:
        group["params"] = [p.detach().clone() for p in group["params"]]
    return groups


def turns_the_list(layers, lr, factor):
    """The caller's list is turned round."""
    groups = layer_groups(layers, lr, factor)
    layers.reverse()
    return groups
