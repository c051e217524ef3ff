"""What a checkpoint gives back: states by name, random states, devices."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from helpers import optim
from helpers.autograd import Tensor
from helpers.loop import checkpoint
from helpers.loop.checkpoint import CheckpointError, random_states
from helpers.loop.checkpoint.file_format import read


class TwoVectors(nn.Module):
    """Two parameters of one shape, registered in an order."""

    def __init__(self, order="ab"):
        super().__init__()
        for name in order:
            setattr(self, name, nn.Parameter(torch.zeros(2)))


def stepped(model, optimizer):
    """The optimizer after a step: gradients of 1 for a, of 10 for b."""
    for name, parameter in model.named_parameters():
        parameter.grad = torch.full((2,), 10.0 if name == "b" else 1.0)
    optimizer.step()
    return optimizer


def moment(model, optimizer, name):
    """The first moment of a parameter, one of its two equal numbers."""
    return optimizer.state[getattr(model, name)]["exp_avg"][0].item()


ADAMS = [torch.optim.Adam, optim.Adam]


@pytest.mark.parametrize("kind", ADAMS, ids=["torch", "ours"])
@pytest.mark.parametrize("named", [False, True])
def test_torch_gives_moments_by_place_and_a_checkpoint_by_name(kind, named, tmp_path):
    def new(order):
        model = TwoVectors(order)
        given = model.named_parameters() if named else model.parameters()
        return model, kind(given, lr=0.1)

    model, optimizer = new("ab")
    stepped(model, optimizer)
    other, silent = new("ba")
    silent.load_state_dict(optimizer.state_dict())
    assert moment(other, silent, "a") == pytest.approx(1.0)  # b's: 0.1 is right

    checkpoint.save(tmp_path / "run", model=model, optimizer=optimizer)
    other, right = new("ba")
    checkpoint.load(tmp_path / "run", model=other, optimizer=right)
    assert moment(other, right, "a") == pytest.approx(0.1)
    assert moment(other, right, "b") == pytest.approx(1.0)
    if named:
        assert right.param_groups[0]["param_names"] == ["b", "a"]
    for one, two in [(model, optimizer), (other, right)]:
        stepped(one, two)
    assert torch.equal(model.a, other.a) and torch.equal(model.b, other.b)


@pytest.mark.parametrize("kind", ADAMS, ids=["torch", "ours"])
def test_groups_find_their_options_by_name(kind, tmp_path):
    def new(*names):
        model = TwoVectors()
        groups = [{"params": [getattr(model, n)], "lr": 0.1} for n in names]
        return model, kind(groups)

    model, optimizer = new("a", "b")
    optimizer.param_groups[0]["lr"] = 0.5
    stepped(model, optimizer)
    checkpoint.save(tmp_path / "run", model=model, optimizer=optimizer)
    other, swapped = new("b", "a")
    checkpoint.load(tmp_path / "run", model=other, optimizer=swapped)
    assert [group["lr"] for group in swapped.param_groups] == [0.1, 0.5]
    assert moment(other, swapped, "a") == pytest.approx(0.1)


def saved_adam(tmp_path):
    """The path of a checkpoint of two vectors and an Adam."""
    model = TwoVectors()
    optimizer = stepped(model, torch.optim.Adam(model.parameters()))
    checkpoint.save(tmp_path / "run", model=model, optimizer=optimizer)
    return tmp_path / "run"


def refused(path, model, optimizer, said):
    """Loading raises what is `said`, and changes no parameter."""
    before = [parameter.detach().clone() for parameter in model.parameters()]
    with pytest.raises(CheckpointError, match=said):
        checkpoint.load(path, model=model, optimizer=optimizer)
    assert all(map(torch.equal, before, model.parameters()))


def test_other_names_are_refused(tmp_path):
    model = TwoVectors("ac")
    optimizer = torch.optim.Adam(model.parameters())
    refused(saved_adam(tmp_path), model, optimizer, r"has \['c'\].* lacks \['b'\]; all")


def test_other_groups_are_refused(tmp_path):
    model = TwoVectors()
    optimizer = torch.optim.Adam([{"params": [model.a]}, {"params": [model.b]}])
    refused(saved_adam(tmp_path), model, optimizer, r"a group holds \['a'\] and none")


def test_another_shape_is_refused(tmp_path):
    model = TwoVectors()
    model.b = nn.Parameter(torch.zeros(3))
    optimizer = torch.optim.Adam(model.parameters())
    refused(
        saved_adam(tmp_path), model, optimizer, r"b has shape \[3\] .*with \[2\]; a"
    )


def test_without_names_shapes_go_by_place(tmp_path):
    def adam(*sizes):
        return torch.optim.Adam([nn.Parameter(torch.ones(size)) for size in sizes])

    first = adam(2, 3)
    first.param_groups[0]["lr"] = 0.25
    checkpoint.save(tmp_path / "run", optimizer=first)
    second = adam(2, 3)
    checkpoint.load(tmp_path / "run", optimizer=second)
    assert second.param_groups[0]["lr"] == 0.25
    with pytest.raises(CheckpointError, match="parameter 0 of group 0 has shape"):
        checkpoint.load(tmp_path / "run", optimizer=adam(3, 2))
    with pytest.raises(CheckpointError, match="has 1 parameters and 2 were saved"):
        checkpoint.load(tmp_path / "run", optimizer=adam(2))


@pytest.mark.parametrize("kind", [torch.optim.LBFGS, optim.LBFGS])
def test_a_state_that_is_one_vector_keeps_its_order(kind, tmp_path):
    model = TwoVectors()
    optimizer = kind(model.parameters())
    checkpoint.save(tmp_path / "run", model=model, optimizer=optimizer)
    checkpoint.load(tmp_path / "run", model=model, optimizer=optimizer)
    other = TwoVectors("ba")
    refused(tmp_path / "run", other, kind(other.parameters()), "whose state is one vec")


def draws():
    """A number of every generator."""
    python = [random.random(), random.gauss(0, 1)]
    return python, np.random.rand(), np.random.randn(), torch.randn(3).tolist()


def test_every_random_state_comes_back(tmp_path, monkeypatch):
    cpu = [torch.device("cpu")]  # the second device of the tests draws from the CPU's
    monkeypatch.setattr(random_states, "available_devices", lambda: cpu)
    draws()  # half of a pair of normal numbers waits in Python's and NumPy's
    checkpoint.save(tmp_path / "run")
    expected = draws()
    assert draws() != expected
    checkpoint.load(tmp_path / "run")
    assert draws() == expected
    after = draws()
    checkpoint.load(tmp_path / "run", random=False)
    assert draws() not in (expected, after)


def test_a_device_draws_on_as_before(tmp_path, accelerator):
    checkpoint.save(tmp_path / "run")
    expected = torch.rand(3, device=accelerator).cpu()
    checkpoint.load(tmp_path / "run")
    assert torch.equal(torch.rand(3, device=accelerator).cpu(), expected)


def adam_on(device):
    """A parameter on a device, and its Adam after one step."""
    p = nn.Parameter(torch.tensor([1.0, 2.0], device=device))
    p.grad = torch.ones(2, device=device)
    optimizer = torch.optim.Adam([p], lr=0.1)
    optimizer.step()
    return p, optimizer


def test_states_move_to_another_device_and_back(tmp_path, accelerator):
    path, devices = tmp_path / "run", [torch.device("cpu"), accelerator]
    for here, there in [devices, devices[::-1]]:
        _, optimizer = adam_on(here)
        checkpoint.save(path, optimizer=optimizer)
        p, other = adam_on(there)
        checkpoint.load(path, optimizer=other)
        found = other.state[p]
        assert found["exp_avg"].device.type == torch.device(there).type
        assert found["exp_avg"].cpu().tolist() == pytest.approx([0.1, 0.1])
        other.step()
        assert found["step"].item() == 2


def test_several_models_and_what_is_asked_for(tmp_path):
    models = {"G": nn.Linear(1, 1), "D": nn.Linear(1, 1)}
    optimizers = [torch.optim.Adam(each.parameters()) for each in models.values()]
    checkpoint.save(tmp_path / "run", model=models, optimizer=optimizers, epoch=7)
    others = {"D": nn.Linear(1, 1), "G": nn.Linear(1, 1)}
    assert checkpoint.load(tmp_path / "run", model=others).epoch == 7
    for key, model in models.items():
        assert torch.equal(model.weight, others[key].weight)
    with pytest.raises(
        CheckpointError, match=r"holds 2 \(G, D\) as model, and 1 asked"
    ):
        checkpoint.load(tmp_path / "run", model=models["G"])
    with pytest.raises(CheckpointError, match="holds 0 as scheduler, and 1 asked for"):
        checkpoint.load(tmp_path / "run", scheduler=optimizers[0])


def test_tensors_of_ours_are_saved_as_raw_ones(tmp_path):
    checkpoint.save(tmp_path / "run", extra=[Tensor(torch.arange(2.0))])
    (found,) = checkpoint.load(tmp_path / "run").extra
    assert type(found) is torch.Tensor and found.tolist() == [0, 1]


def test_versions_of_modules_survive(tmp_path):
    norm = nn.BatchNorm1d(2)
    checkpoint.save(tmp_path / "run", model=norm)
    saved = read(tmp_path / "run")["model"][""]
    assert saved._metadata[""] == {"version": 2}


def test_numbers_of_numpy_can_be_saved(tmp_path):
    numbers = [np.float64(0.5), np.int64(3), np.bool_(True)]
    checkpoint.save(tmp_path / "run", extra={"best": numbers})
    found = checkpoint.load(tmp_path / "run").extra["best"]
    assert found == [0.5, 3, True] and list(map(type, found)) == [float, int, bool]


@pytest.mark.parametrize("value", [print, object(), np.ones(2)])
def test_what_could_not_be_loaded_is_refused_at_once(tmp_path, value):
    with pytest.raises(
        CheckpointError, match=r"extra\['a'\]\[1\] is of type .*; allow"
    ):
        checkpoint.save(tmp_path / "run", extra={"a": [0, value]})
    assert not (tmp_path / "run").exists()
