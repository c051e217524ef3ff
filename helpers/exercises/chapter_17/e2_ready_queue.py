"""Exercise 17.2: the order in which the engine runs the nodes of a graph."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def engine_order(edges, numbers, root):
    """The nodes behind `root`, each once, as PyTorch's ready queue hands them out."""
    missing = _counted(edges, root)
    order, ready = [], [root]
    while ready:
        name = max(ready, key=lambda each: numbers[each])
        ready.remove(name)
        order.append(name)
        for earlier in edges[name]:
            missing[earlier] -= 1
            if missing[earlier] == 0:
                ready.append(earlier)
    return order


def _counted(edges, root):
    """How many gradients each node behind `root` gets."""
    missing, found = {root: 0}, [root]
    for name in found:
        for earlier in edges[name]:
            missing[earlier] = missing.get(earlier, 0) + 1
            if earlier not in found:
                found.append(earlier)
    return missing


def _of_all(edges, root):
    """Counts the gradients of nodes that `root` does not lead to as well."""
    missing = dict.fromkeys(edges, 0)
    for targets in edges.values():
        for earlier in targets:
            missing[earlier] += 1
    return missing


def _each_edge_once(edges, root):
    return _counted({name: list(dict.fromkeys(edges[name])) for name in edges}, root)


def _highest(ready, numbers):
    return max(ready, key=lambda each: numbers[each])


def build(count=_counted, pick=_highest, is_ready=lambda left: left == 0):
    """The solution with some of its parts exchanged."""

    def engine_order(edges, numbers, root):
        missing = count(edges, root)
        order, ready = [], [root]
        while ready:
            name = pick(ready, numbers)
            ready.remove(name)
            order.append(name)
            for earlier in edges[name]:
                missing[earlier] -= 1
                if is_ready(missing[earlier]):
                    ready.append(earlier)
        return order

    return engine_order


def _as_soon_as_reached(edges, numbers, root):
    order, ready = [], [root]
    while ready:
        name = _highest(ready, numbers)
        ready.remove(name)
        order.append(name)
        for earlier in edges[name]:
            if earlier not in order and earlier not in ready:
                ready.append(earlier)
    return order


def _once_for_each_gradient(edges, numbers, root):
    order, ready = [], [root]
    while ready:
        name = _highest(ready, numbers)
        ready.remove(name)
        order.append(name)
        ready.extend(edges[name])
    return order


def _by_number_alone(edges, numbers, root):
    behind = _counted(edges, root)
    return sorted(behind, key=lambda each: -numbers[each])


def _without_root(edges, numbers, root):
    return engine_order(edges, numbers, root)[1:]


FAULTS = (
    (
        {"pick": lambda ready, numbers: min(ready, key=lambda each: numbers[each])},
        "You take the lowest number: what was made first in the forward pass. The "
        "engine goes back, so the highest comes first.",
    ),
    (
        {"pick": lambda ready, numbers: ready[-1]},
        "You take what became ready last, as a stack does. The queue is ordered by "
        "number, not by time.",
    ),
    (
        {"pick": lambda ready, numbers: ready[0]},
        "You take what became ready first, as a line of people does. The queue is "
        "ordered by number, not by time.",
    ),
    (
        {"count": _of_all},
        "You wait for gradients from nodes that root does not lead to. They never "
        "come: count only the edges behind root.",
    ),
    (
        {"count": _each_edge_once},
        "A node that was used twice by one other gets two gradients. You count one, "
        "and run it too early.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _as_soon_as_reached,
        "You run a node when its first gradient comes. It has to wait for all of them: "
        "count what is missing.",
    ),
    Mistake(
        _once_for_each_gradient,
        "You run a node once for each gradient. The sum of them goes through it once.",
    ),
    Mistake(
        _by_number_alone,
        "You sort by number and do not ask who is ready. A leaf has the largest number "
        "of all, and still waits for its gradient.",
    ),
    Mistake(_without_root, "The root runs too: it is the first."),
)

LEAF = 2**64 - 1


def _two_branches():
    """y = exp(x) + sin(2 w)."""
    edges = {"add": ["exp", "sin"], "exp": ["x"], "sin": ["mul"], "mul": ["w"]}
    edges |= {"x": [], "w": []}
    numbers = {"exp": 0, "mul": 1, "sin": 2, "add": 3, "x": LEAF, "w": LEAF - 1}
    return edges, numbers, "add"


def _diamond():
    """A shared node in the middle, used three times, one branch made late."""
    edges = {"sum": ["left", "right"], "left": ["shared"], "right": ["deep"]}
    edges |= {"deep": ["shared", "shared"], "shared": ["x"], "x": []}
    numbers = {"shared": 0, "deep": 1, "right": 2, "left": 3, "sum": 4, "x": LEAF}
    return edges, numbers, "sum"


def _with_strangers():
    """A node that another result uses as well, and that waits for nobody here."""
    edges = {"loss": ["a", "b"], "a": ["trunk"], "b": ["trunk"], "trunk": ["w"]}
    edges |= {"other": ["trunk", "a"], "w": [], "c": ["w"]}
    numbers = {"trunk": 0, "b": 2, "a": 1, "loss": 3, "other": 4, "c": 5, "w": LEAF}
    return edges, numbers, "loss"


def _squared():
    """y = x * x + exp(x): the leaf is used three times."""
    edges = {"add": ["exp", "mul"], "exp": ["x"], "mul": ["x", "x"], "x": []}
    return edges, {"exp": 0, "mul": 1, "add": 2, "x": LEAF}, "add"


def _crossing():
    """Branches of different lengths, made alternately."""
    edges = {"end": ["p", "q"], "p": ["r"], "q": ["s", "t"], "r": ["u"], "s": ["u"]}
    edges |= {"t": ["v"], "u": ["v"], "v": []}
    numbers = {"u": 0, "t": 1, "s": 2, "r": 4, "q": 3, "p": 5, "end": 6, "v": LEAF}
    return edges, numbers, "end"


EXERCISE = Exercise(
    number="17.2",
    title="The ready queue",
    solution=engine_order,
    cases=lambda: [
        _two_branches(),
        _diamond(),
        _with_strangers(),
        _crossing(),
        _squared(),
    ],
    mistakes=MISTAKES,
    compared_with="the engine's own order on five graphs",
    build=build,
    faults=FAULTS,
)
