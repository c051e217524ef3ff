"""An operation's signature and formulas, written out as Python expressions.

With this module one can: write what a call does before its Node is made
(`write_forward`), and what the Node does with a gradient (`write_backward`).

The loops over names that would do the same at every call cost more than a small
array's arithmetic; written out once, they cost almost nothing. For mul(input, other)
the expressions are, in essence:

    edges:      lambda input, other: (edge_of(input), edge_of(other))
    read:       lambda edges, out, input, other: [other if edges[0] is not None else None,
                                                  input if edges[1] is not None else None]
    backward:   lambda edges, gradient, saved: [
                    None if edges[0] is None else formula_0(gradient, saved[0]),
                    None if edges[1] is None else formula_1(gradient, saved[1])]
"""

import inspect

from helpers.autograd.tensor import edge_of, lowered


def write_forward(parameters, inputs, saves, reads):
    """Three functions of a call's arguments, each with torch's own parameters.

    Args:
        parameters: "input, dim=None, keepdim=False".
        inputs: the names of the differentiable ones.
        saves: the names that formulas read.
        reads: for each input, the names that its formula reads; None for a joint one.

    Returns: edges(arguments), read(edges, out, arguments) and
    wanted_fits(edges, out, arguments).
    """
    names = {"edges_of": edges_of, "lowered": lowered, "fit_of": fit_of,
             "attribute_of": attribute_of, "edge_of": edge_of}  # fmt: skip
    if reads is None:
        edges = " + ".join(f"edges_of({name})" for name in inputs)
        values = [expression(name) for name in saves]
    else:
        edges = "(" + "".join(f"edge_of({name})," for name in inputs) + ")"
        values = [when_wanted(name, reads) for name in saves]
    fits = [f"fit_of(edges[{i}], {name}, out)" for i, name in enumerate(inputs)]
    return (
        eval(f"lambda {parameters}: {edges}", names),
        eval(f"lambda edges, out, {parameters}: [{', '.join(values)}]", names),
        eval(f"lambda edges, out, {parameters}: [{', '.join(fits)}]", names),
    )


def write_backward(formulas, saves, single):
    """A function (edges, gradient, saved) that computes the gradients for all edges.

    `single` is the position of the only output that gradients flow through, if the
    operation has several outputs.
    """
    gradient = "gradient" if single is None else f"gradient[{single}]"
    calls = {}
    for name, formula in formulas.items():
        places = [f"saved[{saves.index(each)}]" for each in parameters_of(formula)[1:]]
        calls[name] = f"formula_{name}({', '.join([gradient, *places])})"
    if "joint" in calls:
        body = calls["joint"]
    else:
        wanted = enumerate(calls.values())
        each = (f"None if edges[{i}] is None else {call}" for i, call in wanted)
        body = f"[{', '.join(each)}]"
    names = {f"formula_{name}": formula for name, formula in formulas.items()}
    return eval(f"lambda edges, gradient, saved: {body}", names)


def when_wanted(name, reads):
    """How to read a name, if one of the formulas that read it will be used."""
    readers = [i for i, names in enumerate(reads) if name in names]
    used = " or ".join(f"edges[{i}] is not None" for i in readers)
    return f"{expression(name)} if {used} else None"


def expression(name):
    """How a formula's parameter is read off a call."""
    argument, _, what = name.rpartition("_")
    if name == "needs":
        return "tuple([edge is not None for edge in edges])"
    if name == "out":
        return "out"
    if name.startswith("out") and name[3:].isdigit():
        return f"out[{name[3:]}]"
    if what in ("shape", "dtype") and argument:
        return f"attribute_of({argument}, {what!r})"
    return f"lowered({name})"


def parameters_of(function):
    """The names of a function's parameters."""
    return list(inspect.signature(function).parameters)


def edges_of(value):
    """The edge of a tensor, or those of a list of tensors, as a tuple."""
    if value.__class__ in (list, tuple):
        return tuple([edge_of(each) for each in value])
    return (edge_of(value),)


def attribute_of(value, what):
    """The shape or dtype of an array; of a list, those of its arrays; of else, None."""
    if value.__class__ in (list, tuple):
        return [attribute_of(each, what) for each in value]
    return getattr(lowered(value), what, None)


def fit_of(edge, value, out):
    """The (shape, dtype) that an input's gradient is brought to; None if it has them."""
    if edge is None or value.shape == out.shape and value.dtype == out.dtype:
        return None
    return value.shape, value.dtype
