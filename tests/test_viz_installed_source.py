"""What a notebook shows of the installed PyTorch: live its code, stored its place."""

import inspect

import pytest
import torch

from helpers.viz.installed_source import InstalledSource, names_in, place

VIEW = "application/vnd.jupyter.widget-view+json"


def test_the_place_starts_with_the_package():
    assert place(torch.Tensor.backward) == "torch/_tensor.py: Tensor.backward"
    assert place(torch.nn.Module) == "torch/nn/modules/module.py: Module"
    assert place(torch.autograd.backward) == "torch/autograd/__init__.py: backward"


def test_names_are_those_that_the_code_mentions():
    assert {"set_to_none", "zero_"} <= names_in(torch.optim.Optimizer.zero_grad)
    assert "step" not in names_in(torch.optim.Optimizer.zero_grad)


def test_a_decorated_function_is_found_behind_its_decorator():
    assert place(torch.optim.Adam.step) == "torch/optim/adam.py: Adam.step"
    assert "_init_group" in InstalledSource(torch.optim.SGD.step).text


def test_live_the_text_is_shown_as_it_stands():
    source = InstalledSource(torch.optim.Optimizer.zero_grad)
    text = inspect.getsource(torch.optim.Optimizer.zero_grad)
    assert "def zero_grad" in source.value
    assert source.text.split() == text.split()


def test_code_is_escaped():
    assert "lr &lt; 0" in InstalledSource(torch.optim.SGD.__init__).value


def test_what_is_stored_is_the_place_alone():
    bundle = InstalledSource(torch.optim.SGD.step)._repr_mimebundle_()
    stored = {kind: text for kind, text in bundle.items() if kind != VIEW}
    assert stored == {
        "text/plain": "torch/optim/sgd.py: SGD.step (run this cell to read it)"
    }
    assert VIEW in bundle


def test_what_has_no_python_code_is_refused():
    with pytest.raises(TypeError):
        InstalledSource(torch.exp)
