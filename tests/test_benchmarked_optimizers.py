"""Forms of an optimizer that are timed side by side make the same steps."""

import pytest
import torch

from benchmarks import methods, optimizers

OPTIMIZERS = {"SGD": optimizers.MOMENTUM, "Adam": {"lr": 1e-3}}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_form_of_an_optimizer_goes_where_torchs_goes(name):
    """Over big and small parameters, and in the bare kernel too."""
    shapes = [(200, 100), (3,), (2, 2), (7,)]
    forms = optimizers.candidates(name, OPTIMIZERS[name], shapes)
    expected = forms["torch, loop"]()
    assert len(forms) == 9
    for form, candidate in forms.items():
        got = expected if form == "torch, loop" else candidate()
        torch.testing.assert_close(got, expected, msg=lambda text, f=form: f + text)


@pytest.mark.parametrize("name", methods.METHODS)
def test_each_form_of_a_rarer_optimizer_goes_where_torchs_goes(name, monkeypatch):
    monkeypatch.setitem(methods.METHODS, name, [(120, 5), (3, 4)])
    forms = methods.candidates(name)
    assert len(forms) == (2 if name in methods.ONE_WAY else 4)
    expected = forms["torch, loop"]()
    for form, candidate in forms.items():
        got = expected if form == "torch, loop" else candidate()
        torch.testing.assert_close(got, expected, msg=lambda text, f=form: f + text)
