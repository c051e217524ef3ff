"""The second device of the tests: a device as PyTorch's others are."""

import copy
import gc
import io
import os
import pickle
import subprocess
import sys
import weakref

import pytest
import torch
from torch.utils.checkpoint import checkpoint

from tests import second_device
from tests.second_device.memory import as_cpu, as_second
from tools.course import ROOT
from tools.pytest_plugins.notebooks import SECOND_DEVICE, run_at_start

pytestmark = pytest.mark.skipif(
    second_device.missing() is not None, reason=str(second_device.missing())
)
SECOND = torch.device(second_device.NAME, 0)
MIXED = "Expected all tensors to be on the same device"


def ramp(*shape, **options):
    """The numbers from 0 up, on the device."""
    count = torch.Size(shape).numel()
    return torch.arange(float(count), device=SECOND, **options).reshape(shape)


def test_pytorch_knows_it_as_an_accelerator():
    assert torch.accelerator.current_accelerator().type == second_device.NAME
    assert torch.accelerator.device_count() == 1
    assert torch.get_device_module(SECOND).is_available()


@pytest.mark.parametrize(
    "make",
    [
        lambda device: torch.empty(2, device=device),
        lambda device: torch.zeros(2, device=device),
        lambda device: torch.tensor([1, 2], device=device),
        lambda device: torch.rand(2, device=device),
        lambda device: torch.full((2,), 3, device=device),
        lambda device: torch.empty_strided((2,), (3,), device=device),
        lambda device: torch.eye(2, device=device),
        lambda device: torch.ones(2).to(device),
        lambda device: torch.ones(2, device=device).new_zeros(2),
        lambda device: torch.zeros_like(torch.ones(2), device=device),
        lambda device: torch.nn.Linear(2, 2, device=device).bias,
        lambda device: torch.nn.Linear(2, 2).to(device).bias,
        lambda device: torch.ones(2, dtype=torch.complex64, device=device).conj() * 1j,
    ],
)
def test_tensors_are_made_on_it_and_are_of_no_class_of_their_own(make):
    made = make(second_device.NAME)
    assert made.device == SECOND
    assert type(made) in (torch.Tensor, torch.nn.Parameter)
    assert made.cpu().device.type == "cpu"
    # What is empty may hold NaN.
    same = {"rtol": 0, "atol": 0, "equal_nan": True}
    torch.testing.assert_close(made.cpu().to(SECOND), made, **same)


def test_it_computes_what_the_cpu_computes():
    x, y = ramp(2, 3), ramp(3, 2)
    assert torch.equal((x @ y).cpu(), x.cpu() @ y.cpu())
    assert (x.sum().item(), x.tolist()) == (15, [[0, 1, 2], [3, 4, 5]])
    assert torch.equal(x.sort(descending=True).indices.cpu(), x.cpu().argsort().flip(1))
    assert str(x[0]) == "tensor([0., 1., 2.], device='second:0')"


@pytest.mark.parametrize(
    "mix",
    [
        lambda there, here: there + here,
        lambda there, here: there @ here,
        lambda there, here: torch.cat([there, here]),
        lambda there, here: there.add_(here),
        lambda there, here: here.add_(there),
        lambda there, here: torch._foreach_add_([there], [here]),
        lambda there, here: torch.equal(there, here),
        lambda there, here: torch.nn.functional.linear(there, here),
        lambda there, here: here[:, None] @ there.sum()[None, None],
        lambda there, here: torch.dot(there, here),
    ],
)
def test_two_devices_are_refused(mix):
    with pytest.raises(RuntimeError, match=MIXED):
        mix(torch.ones(1, device=SECOND), torch.ones(1))


def test_what_cuda_takes_from_the_cpu_is_taken():
    """Numbers beside arrays, and indices."""
    x = ramp(3)
    assert (x + torch.tensor(1.0)).tolist() == [1, 2, 3]
    assert x[torch.tensor([2, 0])].tolist() == [2, 0]
    assert x[torch.tensor([True, False, True])].tolist() == [0, 2]
    x[torch.tensor([1])] = torch.tensor(7.0)
    assert x.tolist() == [0, 7, 2]
    with pytest.raises(TypeError, match="Use Tensor.cpu"):
        x.numpy()


def test_views_share_memory_and_versions():
    base = ramp(6).clone()
    row, turned = base.view(2, 3)[1], base.view(2, 3).t()
    row += 10
    turned.mul_(2)
    assert base.tolist() == [0, 2, 4, 26, 28, 30]
    assert base._version == row._version == turned._version == 2
    assert row._base is base
    assert base.detach().data_ptr() == base.data_ptr()
    assert row.data_ptr() - base.data_ptr() == 3 * base.element_size()


def test_data_and_set_give_a_tensor_other_memory():
    leaf = ramp(2).requires_grad_()
    leaf.data.add_(1)
    leaf.data = leaf.data * 2
    assert (leaf.tolist(), leaf._version) == ([2, 4], 0)
    other = ramp(3)
    other.set_(leaf.detach())
    assert other.data_ptr() == leaf.data_ptr()
    assert torch.ones(2, device=SECOND).resize_(4).shape == (4,)
    assert torch.add(other, 1, out=torch.empty(0, device=SECOND)).tolist() == [3, 5]


def test_memory_lives_as_long_as_a_tensor_that_looks_into_it():
    memory = torch.ones(4)
    alive = weakref.ref(memory.untyped_storage())
    view = as_second(memory)[1:]
    del memory
    gc.collect()
    assert alive() is not None
    assert as_cpu(view).tolist() == [1, 1, 1]
    del view
    gc.collect()
    assert alive() is None


def test_lists_of_tensors_are_changed():
    tensors = [ramp(2), ramp(3)]
    torch._foreach_add_(tensors, 1)
    torch._foreach_addcdiv_(tensors, tensors, tensors, value=2)
    assert [each.tolist() for each in tensors] == [[3, 4], [3, 4, 5]]
    assert torch._foreach_norm(tensors)[0].device == SECOND


def test_pytorchs_own_backward_runs_on_it():
    weight = ramp(2, 2).requires_grad_()
    gradient = torch.autograd.grad(weight.pow(3).sum(), weight, create_graph=True)[0]
    gradient.sum().backward()
    assert weight.grad.device == SECOND
    assert weight.grad.tolist() == [[0, 6], [12, 18]]
    checkpoint(torch.exp, weight, use_reentrant=False).sum().backward()
    changed = weight.exp()
    changed.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        changed.sum().backward()


def test_copies_files_and_pickles_come_back_to_it():
    kept = {"whole": ramp(4)}
    kept["part"] = kept["whole"][1:]
    file = io.BytesIO()
    torch.save(kept, file)
    loaded = [pickle.loads(pickle.dumps(kept)), copy.deepcopy(kept)]
    for places in (None, "cpu"):
        file.seek(0)
        loaded.append(torch.load(file, map_location=places))
    for found, device in zip(loaded, [SECOND] * 3 + [torch.device("cpu")], strict=True):
        assert found["part"].tolist() == [1, 2, 3]
        assert found["part"].device == found["whole"].device == device
    found = loaded[2]
    assert found["part"].data_ptr() == found["whole"].data_ptr() + 4


def test_a_seed_gives_the_numbers_of_the_cpu():
    torch.manual_seed(3)
    there = torch.randn(4, device=SECOND)
    torch.manual_seed(3)
    assert torch.equal(there.cpu(), torch.randn(4))
    with torch.random.fork_rng(device_type=second_device.NAME):
        first = torch.rand(2, device=SECOND)
    assert torch.equal(first, torch.rand(2, device=SECOND))


def test_kernels_of_notebooks_under_test_have_it(tmp_path):
    run_at_start(tmp_path, SECOND_DEVICE)
    asked = "from helpers.devices import available_devices as a; print(a())"
    found = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "-c", asked],
        env={**os.environ, "IPYTHONDIR": str(tmp_path)}, cwd=ROOT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "device(type='second', index=0)" in found.stdout


def test_it_can_be_the_default_device():
    with torch.device(second_device.NAME):
        assert (torch.ones(2) + torch.arange(2)).device == SECOND


def test_autocast_computes_as_on_the_cpu():
    layer, rows = torch.nn.Linear(3, 2), torch.rand(4, 3)
    targets, found = torch.tensor([0, 1, 1, 0]), []
    for place in ("cpu", SECOND):
        there = copy.deepcopy(layer).to(place)
        with torch.autocast(torch.device(place).type, dtype=torch.bfloat16):
            outputs = there(rows.to(place))
            loss = torch.nn.functional.cross_entropy(outputs, targets.to(place))
        loss.backward()
        found.append((outputs, loss, there.weight.grad))
    assert [each.dtype for each in found[1]] == [each.dtype for each in found[0]]
    assert found[1][0].dtype == torch.bfloat16
    near = {"rtol": 1e-2, "atol": 1e-2}
    torch.testing.assert_close(*found, check_device=False, **near)
