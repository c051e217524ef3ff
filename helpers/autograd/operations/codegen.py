"""The code that an operation runs at each call, written from its rule as Python text.

Two loops would do the same: one over the inputs and what their formulas read, to make
the Node; one over the formulas, to turn its gradient into those of the inputs.

    def record(out, **arguments):
        edges = [edge_of(arguments[name]) for name in operation.inputs]
        depths = [edge.depth for edge in edges if edge is not None]
        if not depths:
            return None
        saved = []
        for name in operation.saves:
            readers = [reads(formula, name) for formula in formulas]
            is_read = any(edge and reader for edge, reader in zip(edges, readers))
            saved.append(as_saved(arguments[name]) if is_read else None)
        versions = [getattr(value, "_version", None) for value in saved]
        return Node(operation, edges, saved, versions, 1 + max(depths))

    def differentiate(node, gradient, recording):
        for place, version in enumerate(node.versions):
            if version is not None and node.saved[place]._version != version:
                raise node.error_of_change(place)
        saved = operation.as_tensors(node) if recording else node.saved
        return [
            None if edge is None else formula(gradient, *what_it_reads(formula, saved))
            for edge, formula in zip(node.edges, formulas)
        ]

But on small arrays the looking up costs more than the arithmetic: with these loops a
chain of small operations takes a fifth longer, a training step on two moons a tenth.
So the loops are unrolled once for each operation, into its own two functions;
`operation.record.source` and `operation.differentiate.source` show them.
"""

import inspect

import torch
from torch.compiler import is_dynamo_compiling

from helpers.autograd.graph.node import Arrays, Node
from helpers.autograd.graph.unbroadcast import unlike_output
from helpers.autograd.tensor.tensor import Tensor, edge_of, lowered

RECORD_ONE = """\
    edge_{i} = (
        ({name} if {name}._leaf_requires_grad else {name}.edge)
        if isinstance({name}, Tensor) else None)
    if edge_{i} is not None and edge_{i}.depth > depth:
        depth = edge_{i}.depth
"""
RECORD_LIST = """\
    edges = edges_of({})
    depth = max([-1, *[edge.depth for edge in edges if edge is not None]])
"""
RECORD = """\
def record(out, {parameters}):
    depth = -1
{inputs}\
    if depth < 0:
        return None
{saves}\
    node = Node(operation, edges, [{saved}], [{versions}], depth + 1)
{absent}{unbroadcast}\
    return node
"""
ABSENT = "    if not isinstance({0}, TENSORS): node.absent += ({0!r},)\n"
UNBROADCAST = "    node.unbroadcast_to = unlike_output(node.edges, ({inputs},), out)\n"
TENSORS = (Tensor, torch.Tensor)
DIFFERENTIATE = """\
def differentiate(node, gradient, recording):
    saved, edges, versions = node.saved, node.edges, node.versions
{checks}\
    if recording:
        saved = operation.as_tensors(node)
    return {gradients}
"""
CHECKS = """\
    if versions and not is_dynamo_compiling():
"""
CHECK = """\
        if versions[{i}] is not None and saved[{i}]._version != versions[{i}]:
            raise node.error_of_change({i})
"""


def write_record(operation, parameters, formulas):
    """A function (out, arguments) that returns the call's Node; None if none is needed.

    Args:
        operation: its `inputs` are the names of the differentiable arguments, its
            `saves` the names that formulas read.
        parameters: "input, dim=None, keepdim=False".
        formulas: by the names of the inputs, or one by the name `joint`.
    """
    names = operation.inputs
    if "joint" in formulas and len(names) == 1:
        inputs = RECORD_LIST.format(*names)
    else:
        each = (RECORD_ONE.format(i=i, name=name) for i, name in enumerate(names))
        edges = "".join(f"edge_{i}, " for i in range(len(names)))
        inputs = "".join([*each, f"    edges = {edges}\n"])
    when = {name: readers_of(name, formulas) for name in operation.saves}
    saves = "".join(
        f"    saved_{i} = {value_of(name)} if {when[name]} else None\n"
        for i, name in enumerate(operation.saves)
    )
    places = range(len(operation.saves))
    unbroadcast = UNBROADCAST.format(inputs=", ".join(operation.inputs))
    source = RECORD.format(
        parameters=parameters,
        inputs=inputs,
        saves=saves,
        saved=", ".join(f"saved_{i}" for i in places),
        versions=", ".join(map(version_text, places, operation.saves)),
        absent="".join(map(ABSENT.format, operation.optional)),
        unbroadcast=unbroadcast if operation.broadcasts else "",
    )
    return defined(source, "record", names_in_record(operation))


def version_text(place, name):
    """What reads the version of a saved value, or None for what is no array."""
    return "None" if what_of(name) else f"getattr(saved_{place}, '_version', None)"


def what_of(name):
    """What a formula reads of an argument: "shape" for "input_shape"; else None."""
    argument, _, what = name.rpartition("_")
    return what if argument and what in ("shape", "dtype", "device") else None


def names_in_record(operation):
    """Globals of the generated `record` function."""
    return {
        "operation": operation, "Node": Node, "Tensor": Tensor, "as_saved": as_saved,
        "edges_of": edges_of, "attribute_of": attribute_of, "TENSORS": TENSORS,
        "unlike_output": unlike_output,
    }  # fmt: skip


def defined(source, name, names):
    """The function of a name that some source text defines, with the text in it."""
    exec(source, names)
    names[name].source = source
    return names[name]


def write_backward(operation, formulas):
    """A function (node, gradient, recording): the gradients for all edges of a node.

    It raises the error of a saved array that was changed since; not in a trace of
    torch.compile, which has no versions to compare. For mul(input, other) it returns:

        [None if edges[0] is None else formula_input(gradient, saved[0]),
         None if edges[1] is None else formula_other(gradient, saved[1])]
    """
    calls = calls_of(operation, formulas)
    if "joint" in calls:
        gradients = calls["joint"]
    else:
        wanted = enumerate(calls.values())
        each = (f"None if edges[{i}] is None else {call}" for i, call in wanted)
        gradients = f"[{', '.join(each)}]"
    checks = [CHECK.format(i=i) for i in range(len(operation.saves))]
    source = DIFFERENTIATE.format(
        checks="".join([CHECKS, *checks]) if checks else "", gradients=gradients
    )
    names = {f"formula_{name}": formula for name, formula in formulas.items()}
    names.update(operation=operation, is_dynamo_compiling=is_dynamo_compiling)
    return defined(source, "differentiate", names)


def calls_of(operation, formulas):
    """For each formula the text that calls it: "formula_input(gradient, saved[0])".

    Where gradients flow through one output of several, only that gradient is given.
    """
    flowing, calls = operation.differentiable_outputs, {}
    is_one = flowing is not None and len(flowing) == 1
    gradient = f"gradient[{flowing[0]}]" if is_one else "gradient"
    for name, formula in formulas.items():
        read = parameters_of(formula)[1:]
        places = [f"saved[{operation.saves.index(each)}]" for each in read]
        calls[name] = f"formula_{name}({', '.join([gradient, *places])})"
    return calls


def readers_of(name, formulas):
    """The condition under which a name is read: one of its formulas will be used."""
    if "joint" in formulas:
        return "True"
    return " or ".join(
        f"edge_{i} is not None"
        for i, formula in enumerate(formulas.values())
        if name in parameters_of(formula)
    )


def value_of(name):
    """How a formula's parameter is read off a call."""
    what = what_of(name)
    if name == "needs":
        return "tuple([edge is not None for edge in edges])"
    if name == "out":
        return "out"
    if name.startswith("out") and name[3:].isdigit():
        return f"out[{name[3:]}]"
    if what is not None:
        argument = name.removesuffix(f"_{what}")
        return f"attribute_of({argument}, {what!r})"
    return f"as_saved({name})"


def as_saved(value):
    """An argument as it is saved: raw, and a list of arrays as one thing."""
    raw = lowered(value)
    is_list = raw.__class__ in (list, tuple) and raw
    return Arrays(raw) if is_list and all(map(torch.is_tensor, raw)) else raw


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
    if isinstance(value, Tensor):
        return getattr(value._data, what)
    if value.__class__ in (list, tuple):
        return [attribute_of(each, what) for each in value]
    return getattr(lowered(value), what, None)
