"""What is looked at in the arguments of a few functions of torch.

No gradient is on while a look is taken, so nothing needs to be detached.
"""

import torch

from helpers.loop.doctor.evidence import graph

LOSSES = {
    "cross_entropy",
    "nll_loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "mse_loss",
    "l1_loss",
    "smooth_l1_loss",
    "huber_loss",
    "kl_div",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "soft_margin_loss",
    "poisson_nll_loss",
    "gaussian_nll_loss",
}
OF_CLASSES = {"cross_entropy", "nll_loss"}
MOST_LABELS = 4_096  # in a batch whose labels are looked at
SQUASHES = {"softmax", "log_softmax", "sigmoid", "logsigmoid", "softmin", "tanh"}
SAME_VALUES = {
    "view", "reshape", "squeeze", "unsqueeze", "flatten", "contiguous", "float", "to",
    "double", "clone", "__getitem__", "permute", "transpose", "t", "T", "clamp",
}  # fmt: skip
DIFFERENCES = {"sub", "__sub__", "__rsub__", "rsub", "__isub__", "sub_"}
EDGES = {
    "sqrt", "log", "log2", "log10", "log1p", "div", "__truediv__", "__rtruediv__",
    "true_divide", "rsqrt", "reciprocal", "norm", "vector_norm", "acos", "asin",
    "pow", "__pow__", "exp", "std", "var", "logsumexp",
}  # fmt: skip
IN_PLACE_NAMES = {"__setitem__", "__iadd__", "__isub__", "__imul__", "__itruediv__"}
LEAVES = {"item", "tolist", "numpy", "__array__", "__float__"}
SUMS = {"add", "__add__", "__radd__", "__iadd__", "add_"}
BLENDS = SUMS | {
    "mul", "__mul__", "__rmul__", "mul_", "__imul__", "lerp", "lerp_", "copy_",
    "_foreach_lerp_", "_foreach_mul_", "_foreach_add_",
}  # fmt: skip
# Calls that say nothing: attributes that are read, and torch's own bookkeeping.
PLAIN = {
    "is_leaf", "requires_grad", "grad_fn", "shape", "dtype", "device", "grad", "size",
    "dim", "ndim", "numel", "is_sparse", "layout", "_record_function_enter_new",
    "_set_grad_enabled", "__len__", "__hash__", "is_cuda", "_version", "__repr__",
    "is_floating_point", "is_complex", "_backward_hooks", "stride", "data_ptr", "names",
    "backward", "register_hook", "retain_grad", "grad=", "storage_offset", "is_meta",
}  # fmt: skip


def argument(args, kwargs, position, name, default=None):
    """An argument by position or by name."""
    if len(args) > position:
        return args[position]
    return kwargs.get(name, default)


def look_at_loss(name, args, kwargs):
    """Facts of the two sides of a loss."""
    given = argument(args, kwargs, 0, "input")
    target = argument(args, kwargs, 1, "target")
    if not isinstance(given, torch.Tensor) or not isinstance(target, torch.Tensor):
        return None
    return {
        "sort": "loss",
        "input_shape": tuple(given.shape),
        "target_shape": tuple(target.shape),
        "target_grad": target.requires_grad,
        "input_grad": given.requires_grad,
        "reduction": kwargs.get("reduction", "mean"),
        **rows(name, given),
        **labels(target),
    }


def rows(name, given):
    """Facts of the values at a loss: their range, and the sums of rows and columns."""
    if given.numel() == 0 or not given.is_floating_point():
        return {}
    least, most = given.aminmax()
    found = {"least": float(least), "most": float(most)}
    if name in OF_CLASSES and given.ndim >= 2 and given.shape[1] > 1:
        found["row_sums"] = spread(given.sum(1, dtype=torch.double))
        if name == "nll_loss":
            found["column_sums"] = spread(given.sum(0, dtype=torch.double))
            found["row_sums_of_exp"] = spread(given.double().exp().sum(1))
    return found


def spread(sums):
    """The least and the most of some numbers."""
    return tuple(each.item() for each in sums.aminmax())


def labels(target):
    """The least label of a batch, the greatest, and how many there are."""
    is_flat = target.ndim <= 1 or target.shape[-1] == 1
    if not is_flat or not 0 < target.numel() <= MOST_LABELS or target.is_complex():
        return {"labels": None}
    values = set(target.flatten().tolist())
    if any(value != value or value % 1 for value in values):
        return {"labels": None}
    return {"labels": (min(values), max(values), len(values))}


def look_at_squash(name, args, kwargs):
    """Facts of a softmax or sigmoid."""
    given = argument(args, kwargs, 0, "input")
    if not isinstance(given, torch.Tensor):
        return None
    return {
        "sort": "squash",
        "shape": tuple(given.shape),
        "dim": argument(args, kwargs, 1, "dim"),
    }


def look_at_difference(name, args, kwargs):
    """A difference whose two shapes grow into a larger one."""
    shapes = [tuple(a.shape) for a in args if isinstance(a, torch.Tensor)]
    if len(shapes) != 2 or shapes[0] == shapes[1] or not all(shapes):
        return None
    return {"sort": "difference", "shapes": shapes}


def look_at_edge(name, args, kwargs):
    """The least absolute value that a function with an edge is given."""
    given = [a for a in (*args, *kwargs.values()) if isinstance(a, torch.Tensor)]
    given = [a for a in given if a.is_floating_point() and a.numel()]
    if not given or not any(a.requires_grad for a in given):
        return None
    at = given[-1] if name in ("div", "__truediv__", "true_divide") else given[0]
    raw = at.detach()
    return {
        "sort": "edge",
        "least": float(raw.min()),
        "most": float(raw.max()),
        "nearest_zero": float(raw.abs().min()),
        "is_finite": bool(torch.isfinite(raw).all()),
    }


def look_at_relu(name, args, kwargs):
    """How many units give nothing for any sample."""
    given = argument(args, kwargs, 0, "input")
    if not isinstance(given, torch.Tensor) or given.ndim < 2:
        return None
    if given.numel() == 0:
        return None
    largest = given.amax(0) if given.ndim == 2 else given.flatten(2).amax((0, 2))
    return {
        "sort": "relu",
        "dead": sum(each <= 0 for each in largest.tolist()),
        "units": largest.numel(),
        "batch": given.shape[0],
    }


def look_at_dropout(name, args, kwargs):
    """Whether dropout drops."""
    return {
        "sort": "dropout",
        "p": argument(args, kwargs, 1, "p", 0.5),
        "training": argument(args, kwargs, 2, "training", True),
    }


def look_at_in_place(name, args, kwargs):
    """A tensor that is written to."""
    given = argument(args, kwargs, 0, "self")
    if not isinstance(given, torch.Tensor):
        return None
    return {
        "sort": "in_place",
        "is_leaf": graph.is_leaf(given),
        "requires_grad": given.requires_grad,
        "shape": tuple(given.shape),
        "made_by": graph.made_by(given),
    }


class LooksBefore(dict):
    """Which function looks at a call, by the call's name."""

    def __init__(self):
        super().__init__(dict.fromkeys(LOSSES, look_at_loss))
        self.update(dict.fromkeys(SQUASHES, look_at_squash))
        self.update(dict.fromkeys(DIFFERENCES, look_at_difference))
        self.update(dict.fromkeys(EDGES, look_at_edge))
        self.update(dict.fromkeys(IN_PLACE_NAMES, look_at_in_place))
        self.update(relu=look_at_relu, relu_=look_at_relu, dropout=look_at_dropout)
        self.update({"requires_grad=": look_at_in_place})

    def get(self, name):
        """The function that looks at calls of that name, or None."""
        found = super().get(name)
        if found is None and name.endswith("_") and not name.endswith("__"):
            return look_at_in_place
        return found


LOOKS_BEFORE = LooksBefore()


def look_after(event, result):
    """Facts of what came out."""
    tensor = result[0] if isinstance(result, tuple) and result else result
    if not isinstance(tensor, torch.Tensor):
        return
    event.facts["result_id"] = id(tensor)
    if event.kind == "call_edge" and tensor.is_floating_point():
        with torch.no_grad():
            event.facts["result_finite"] = bool(torch.isfinite(tensor.detach()).all())


def squash(name, given, kwargs):
    """The name and dim of a softmax or sigmoid, if this is one."""
    return (name, kwargs.get("dim")) if name in SQUASHES else None
