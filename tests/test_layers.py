"""helpers is read from the ground up: a module imports from floors below it only.

The floors are the contracts of import-linter in pyproject.toml.
"""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import networkx
import pytest

ROOT = Path(__file__).resolve().parents[1]
OPTIM_NEEDS = {"torch"}  # so that a learner can use it in any PyTorch script


def lint_imports(folder):
    """Hold the `helpers` in a folder to its contracts: exit code, and its report."""
    script = "from importlinter.cli import lint_imports_command as lint; lint()"
    answer = subprocess.run(
        [sys.executable, "-c", script, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return answer.returncode, answer.stdout + answer.stderr


def graph_of(package):
    """Who imports whom in a package, and what from outside, an arrow each."""
    graph = grimp.build_graph(package, include_external_packages=True, cache_dir=None)
    return networkx.DiGraph(
        (name, other)
        for name in graph.modules
        for other in graph.find_modules_directly_imported_by(name)
    )


def cycles_in(graph):
    """The modules that import each other in a ring, each ring as a list."""
    parts = map(sorted, networkx.strongly_connected_components(graph))
    return [ring for ring in parts if len(ring) > 1]


def needless_imports(graph):
    """What helpers.optim imports beside torch and the standard library."""
    allowed = OPTIM_NEEDS | set(sys.stdlib_module_names) | {"helpers"}
    return [
        f"{name} imports {other}: helpers.optim needs torch alone"
        for name, other in graph.edges
        if f"{name}.".startswith("helpers.optim.")
        and other.partition(".")[0] not in allowed
    ]


def askers_for_cuda(root):
    """Every place outside devices.py that names CUDA or MPS, as a sentence."""
    return [
        f"{path.name}, line {line}: ask helpers.devices instead of naming {name}"
        for path in sorted((root / "helpers").rglob("*.py"))
        if path != root / "helpers/devices.py"
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


def test_helpers_keeps_to_its_floors():
    code, printed = lint_imports(ROOT)
    assert code == 0, printed


def test_optim_needs_torch_alone():
    assert needless_imports(graph_of("helpers")) == []


def test_only_devices_asks_for_cuda():
    assert askers_for_cuda(ROOT) == []


@pytest.mark.parametrize("package", ["helpers", "tools"])
def test_no_module_imports_itself_in_a_ring(package):
    graph = graph_of(package)
    assert len(graph) > 5
    assert cycles_in(graph) == []


def test_helpers_itself_imports_none_of_its_parts():
    assert [edge for edge in graph_of("helpers").edges if edge[0] == "helpers"] == []


IN_A_FUNCTION = "def later():\n    from helpers.nn import layers\n    return layers\n"
GOOD = {
    "exercises/model": "from helpers.nn import layers\nfrom helpers.viz import style",
    "nn/layers": "import torch\nfrom ..autograd import tensor\nfrom . import losses",
    "nn/losses": "import torch",
    "autograd/tensor": "from helpers import data, devices, notebook",
    "optim/sgd": "import torch",
    "fast/a": "import torch",
    "loop/train": "import torch",
    "museum/a": "from helpers.loop import doctor\nfrom helpers.viz import style",
    "parallel/reducer": "from helpers.loop import train\nfrom helpers.optim import sgd",
    "viz/style": "from helpers import data",
    "problems/bowl": "",
    "data": "",
    "devices": "",
    "notebook": "",
    "processes": "",
}
BAD = [  # a module, what is put into it, the import that must be refused
    ("autograd/a", "import helpers.nn.layers", "helpers.nn.layers"),
    ("autograd/b", "from helpers import nn", "helpers.nn"),
    ("autograd/c", IN_A_FUNCTION, "helpers.nn.layers"),
    ("autograd/d", "from ..nn import layers", "helpers.nn.layers"),
    ("autograd/e", "from .. import nn", "helpers.nn"),
    ("autograd/f", "from ..nn.layers import Linear", "helpers.nn.layers"),
    ("optim/a", "from helpers.autograd import tensor", "helpers.autograd.tensor"),
    ("optim/b", "from helpers import devices", "helpers.devices"),
    ("nn/a", "from helpers.optim import sgd", "helpers.optim.sgd"),
    ("viz/a", "from helpers.autograd.tensor import Tensor", "helpers.autograd.tensor"),
    ("viz/b", "from helpers.nn import layers", "helpers.nn.layers"),
    ("fast/b", "from helpers import devices", "helpers.devices"),
    ("loop/a", "from helpers.autograd.tensor import Tensor", "helpers.autograd.tensor"),
    ("loop/b", "from helpers.optim import sgd", "helpers.optim.sgd"),
    ("loop/c", "from helpers.parallel import reducer", "helpers.parallel.reducer"),
    ("museum/b", "from helpers.nn import layers", "helpers.nn.layers"),
    ("museum/c", "from helpers.parallel import reducer", "helpers.parallel.reducer"),
    ("parallel/a", "from helpers.autograd import tensor", "helpers.autograd.tensor"),
    ("parallel/b", "from helpers.nn import layers", "helpers.nn.layers"),
    ("problems/a", "from helpers import notebook", "helpers.notebook"),
    ("devices", "if False:\n    from helpers import viz", "helpers.viz"),
]


def write_helpers(folder, sources):
    """A small helpers under our contracts."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, source in sources.items():
        path = folder / "helpers" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(source, encoding="utf-8")


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """The report on all bad imports, and on a part without a floor, of one run."""
    folder = tmp_path_factory.mktemp("bad")
    bad = {name: source for name, source, _ in BAD}
    write_helpers(folder, GOOD | bad | {"attic/box": "import torch"})
    code, printed = lint_imports(folder)
    assert code == 1
    return printed


def test_the_small_helpers_is_in_order(tmp_path):
    write_helpers(tmp_path, GOOD)
    code, printed = lint_imports(tmp_path)
    assert code == 0, printed


@pytest.mark.parametrize("name, source, imported", BAD)
def test_an_import_that_goes_up_or_sideways_is_refused(
    refusals, name, source, imported
):
    assert f"helpers.{name.replace('/', '.')} -> {imported} (l." in refusals


def test_a_part_without_a_floor_is_refused(refusals):
    assert "helpers.attic" in refusals


def test_a_needless_import_of_optim_is_found():
    graph = networkx.DiGraph(
        [("helpers.optim.sgd", each) for each in ("torch", "math", "numpy")]
        + [("helpers.viz.style", "matplotlib")]
    )
    assert needless_imports(graph) == [
        "helpers.optim.sgd imports numpy: helpers.optim needs torch alone"
    ]


def test_a_ring_is_found():
    assert cycles_in(networkx.DiGraph(["ab", "bc", "ca", "cd"])) == [["a", "b", "c"]]
    assert cycles_in(networkx.DiGraph(["ab", "bc", "ac", "cd"])) == []


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
def test_asking_for_cuda_elsewhere_is_found(tmp_path, source):
    write_helpers(tmp_path, GOOD | {"devices": source})
    assert not askers_for_cuda(tmp_path)
    write_helpers(tmp_path, {"nn/layers": '"""Runs on cuda too."""'})
    assert not askers_for_cuda(tmp_path)
    write_helpers(tmp_path, {"nn/layers": source})
    assert askers_for_cuda(tmp_path)
