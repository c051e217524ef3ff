"""helpers is read from the ground up: a module imports from floors below it only."""

import ast
import sys
from pathlib import Path

import pytest

from tests.imports_of import cycle_in, graph_of, modules_of

ROOT = Path(__file__).resolve().parents[1]
GROUND = {"devices", "problems", "data", "notebook"}
ENGINE = {"autograd", "nn", "optim"}

# What each part of helpers may import of helpers, beside itself.
BELOW = {
    **dict.fromkeys(GROUND, set()),
    "autograd": GROUND,
    "nn": GROUND | {"autograd"},
    "optim": set(),
    "loop": GROUND | ENGINE,
    "parallel": GROUND | ENGINE,
    "fast": GROUND | ENGINE,
    "viz": GROUND,
    "exercises": GROUND | ENGINE | {"loop", "parallel", "fast", "viz"},
}
OPTIM_NEEDS = {"torch"}  # so that a learner can use it in any PyTorch script


def part_of(module):
    """The part of helpers that a module belongs to; "" for helpers itself."""
    return (module.split(".") + [""])[1]


def trespasses(root):
    """Every import that goes up or sideways, as a sentence."""
    found = []
    for module, imported in graph_of(root).items():
        part = part_of(module)
        if part and part not in BELOW:
            found.append(f"{module} has no floor: give helpers.{part} one in BELOW")
            continue
        allowed = BELOW.get(part, set()) | {part}
        inside = {each for each in imported if each.split(".")[0] == "helpers"}
        wrong = sorted(each for each in inside if part_of(each) not in allowed)
        found += [f"{module} imports {each}: not a floor below it" for each in wrong]
    return found


def needless_imports(root):
    """What helpers.optim imports beside torch and the standard library."""
    allowed = OPTIM_NEEDS | set(sys.stdlib_module_names) | {"helpers"}
    return [
        f"{module} imports {each}: helpers.optim needs torch alone"
        for module, imported in graph_of(root).items()
        for each in sorted(imported)
        if part_of(module) == "optim" and each.split(".")[0] not in allowed
    ]


def askers_for_cuda(root):
    """Every place outside devices.py that names CUDA or MPS, as a sentence."""
    return [
        f"{module}, line {line}: ask helpers.devices instead of naming {name}"
        for module, path in modules_of(root).items()
        if module != "helpers.devices"
        for line, name in _accelerators_in(ast.parse(path.read_text(encoding="utf-8")))
    ]


def _accelerators_in(tree):
    """Line and name of each attribute, text and import that names an accelerator."""
    for node in ast.walk(tree):
        for words in _words_of(node):
            if {"cuda", "mps", "accelerator"} & set(words.split(".")):
                yield node.lineno, words


def _words_of(node):
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value.split(":")[0]]
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


RULES = [trespasses, needless_imports, askers_for_cuda]


@pytest.mark.parametrize("rule", RULES)
def test_helpers_keeps_to_its_floors(rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize("package", ["helpers", "tools"])
def test_no_module_imports_itself_in_a_ring(package):
    graph = graph_of(ROOT, package)
    assert len(graph) > 5
    assert cycle_in(graph) == []


@pytest.fixture
def tree(tmp_path):
    """A small helpers; `tree("optim/sgd.py", "import torch")` adds a file to it."""

    def add(name, source):
        path = tmp_path / "helpers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(source, encoding="utf-8")
        return tmp_path

    for name in ["devices", "autograd/tensor", "optim/sgd", "nn/layers", "viz/style"]:
        add(f"{name}.py", '"""Nothing yet."""\n')
    return add


@pytest.mark.parametrize("rule", RULES)
def test_the_small_tree_is_in_order(tree, rule):
    source = "import torch\nfrom helpers.autograd import tensor\nfrom . import more\n"
    assert rule(tree("nn/layers.py", source)) == []


IN_A_FUNCTION = "def later():\n    from helpers.nn import layers\n    return layers\n"


@pytest.mark.parametrize(
    "name, source, imported",
    [
        ("autograd/tensor.py", "import helpers.nn.layers", "helpers.nn.layers"),
        ("autograd/tensor.py", "from helpers import nn", "helpers.nn"),
        ("autograd/tensor.py", IN_A_FUNCTION, "helpers.nn.layers"),
        ("autograd/tensor.py", "from ..nn import layers", "helpers.nn.layers"),
        ("autograd/tensor.py", "from .. import nn", "helpers.nn"),
        ("autograd/__init__.py", "from ..nn.layers import Linear", "helpers.nn.layers"),
        ("optim/sgd.py", "from helpers.autograd import tensor", "helpers.autograd."),
        ("optim/sgd.py", "from helpers import devices", "helpers.devices"),
        ("nn/layers.py", "from helpers.optim import sgd", "helpers.optim.sgd"),
        ("viz/style.py", "from helpers.autograd.tensor import Tensor", "autograd."),
        ("devices.py", "import importlib\nimportlib.import_module('helpers.nn')", "nn"),
        ("devices.py", "if False:\n    from helpers import viz", "helpers.viz"),
    ],
)
def test_an_import_that_goes_up_or_sideways_is_found(tree, name, source, imported):
    found = trespasses(tree(name, source))
    assert len(found) == 1
    assert imported in found[0] and "not a floor below it" in found[0]


def test_a_part_without_a_floor_is_found(tree):
    found = trespasses(tree("attic/box.py", "import torch"))
    assert "helpers.attic.box has no floor: give helpers.attic one in BELOW" in found


def test_a_needless_import_of_optim_is_found(tree):
    found = needless_imports(tree("optim/sgd.py", "import math\nimport numpy.linalg"))
    assert found == [
        "helpers.optim.sgd imports numpy.linalg: helpers.optim needs torch alone"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ntorch.cuda.synchronize()",
        "import torch\ntorch.ones(2).cuda()",
        "device = 'cuda'",
        "device = 'cuda:1'",
        "device = 'mps'",
        "import torch\ntorch.backends.mps.is_available()",
        "import torch.cuda",
        "from torch import mps",
        "from torch.cuda import synchronize",
        "import torch\ntorch.accelerator.is_available()",
    ],
)
def test_asking_for_cuda_elsewhere_is_found(tree, source):
    assert askers_for_cuda(tree("nn/layers.py", source))
    assert not askers_for_cuda(tree("nn/layers.py", '"""Runs on cuda too."""'))
    assert not askers_for_cuda(tree("devices.py", source))


@pytest.mark.parametrize(
    "first, second",
    [
        ("from helpers.nn import losses", "from helpers.nn import layers"),
        ("from . import losses", "import helpers.nn.layers"),
        ("def f():\n    from .losses import mean", "from .layers import Linear"),
    ],
)
def test_a_ring_is_found(tree, first, second):
    tree("nn/layers.py", first)
    graph = graph_of(tree("nn/losses.py", second))
    assert set(cycle_in(graph)) == {"helpers.nn.layers", "helpers.nn.losses"}


def test_a_package_that_gathers_its_modules_is_no_ring(tree):
    tree("nn/layers.py", "from helpers.nn.losses import mean")
    tree("nn/losses.py", "import torch")
    root = tree("nn/__init__.py", "from helpers.nn.layers import Linear")
    assert cycle_in(graph_of(root)) == []
