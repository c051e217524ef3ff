"""Which steps go to torch's kernels, and that all others go by the rule unharmed.

A kernel reads memory in order, whatever the strides, and one dtype, whatever it is
handed; so each step here is compared with the loop's.
"""

import pytest
import torch

from helpers import optim
from helpers.optim.execution import fused
from tests.optim.kernel_cases import count_kernels
from tests.optim.optimizers import KERNELS


@pytest.fixture
def kernels(monkeypatch):
    """How many parameters have gone to a kernel, by method."""
    return count_kernels(monkeypatch)


def twins_after(method, make, grads, **options):
    """Parameters after steps of the kernel's way and of the loop's."""
    ends = []
    for way in ({"fused": True}, {"foreach": False}):
        parameters = [torch.nn.Parameter(each) for each in make()]
        optimizer = getattr(optim, method)(parameters, lr=0.1, **options, **way)
        for _ in range(3):
            for each, grad in zip(parameters, grads(), strict=True):
                each.grad = grad
            optimizer.step()
        ends.append(parameters)
    return ends


UNFIT = {
    "gaps in a parameter": (lambda: torch.ones(3, 2)[:, 0], lambda: torch.rand(3)),
    "gaps in a gradient": (lambda: torch.ones(3), lambda: torch.arange(6.0)[::2]),
    "an expanded gradient": (lambda: torch.ones(3), lambda: torch.ones(1).expand(3)),
    "a transposed gradient": (
        lambda: torch.ones(2, 3), lambda: torch.arange(6.0).view(3, 2).t()
    ),
    "another order": (
        lambda: torch.ones(2, 3, 2, 2).contiguous(memory_format=torch.channels_last),
        lambda: torch.arange(24.0).view(2, 3, 2, 2),
    ),
    "a negative view": (
        lambda: torch.ones(1), lambda: torch.tensor([2 + 3j]).conj().imag
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNFIT)
@pytest.mark.parametrize("method", KERNELS)
def test_what_a_kernel_would_read_wrongly_goes_by_the_rule(method, name, kernels):
    make, grad = UNFIT[name]
    options = {"momentum": 0.9} if method == "SGD" else {}
    torch.manual_seed(0)
    fixed = grad()
    got, expected = twins_after(method, lambda: [make()], lambda: [fixed], **options)
    torch.testing.assert_close(got, expected, rtol=0, atol=0)
    assert not kernels


FIT = {
    "transposed": lambda: torch.ones(2, 3).t(),
    "channels last": lambda: torch.ones(2, 3, 2, 2).contiguous(
        memory_format=torch.channels_last
    ),
    "0-d": lambda: torch.tensor(2.0),
    "empty": lambda: torch.ones(0, 3),
    "a part of a bigger array": lambda: torch.ones(4, 3)[1:3],
}


@pytest.mark.parametrize("name", FIT)
@pytest.mark.parametrize("method", KERNELS)
def test_what_a_kernel_reads_rightly_goes_to_it(method, name, kernels):
    options = {"momentum": 0.9} if method == "SGD" else {}
    make = FIT[name]
    grads = lambda: [torch.full_like(make(), 3.0)]  # noqa: E731
    got, expected = twins_after(method, lambda: [make()], grads, **options)
    torch.testing.assert_close(got, expected)
    assert sum(kernels.values()) == (2 if method == "SGD" else 3)


def test_gaps_in_all_that_sgd_reads(kernels):
    """Alike strides don't do: a kernel would go on into the gaps."""
    make = lambda: [torch.ones(3, 2)[:, 0]]  # noqa: E731
    got, expected = twins_after("SGD", make, lambda: [torch.full((3, 2), 2.0)[:, 0]])
    torch.testing.assert_close(got, expected, rtol=0, atol=0)
    assert not kernels


def test_a_gradient_of_another_shape_goes_by_the_rule(kernels):
    """The rule stretches it; a kernel would read on behind its end."""
    parameter = torch.nn.Parameter(torch.ones(2, 3))
    parameter.grad = torch.ones(2, 3)
    parameter.grad.data = torch.ones(1, 3)
    optim.SGD([parameter], lr=0.5, fused=True).step()
    assert parameter.tolist() == [[0.5] * 3] * 2
    parameter.data, parameter.grad.data = torch.ones(4, 3), torch.ones(2, 3)
    with pytest.raises(RuntimeError, match="size of tensor"):
        optim.SGD([parameter], lr=0.5, fused=True).step()
    assert not kernels


def test_strides_of_dimensions_of_one_element_mean_nothing(kernels):
    parameter = torch.nn.Parameter(torch.ones(4, 3, 1, 1))
    last = torch.ones(4, 3, 1, 1).to(memory_format=torch.channels_last)
    parameter.grad = last.as_strided(last.shape, (3, 1, 3, 3))
    assert parameter.grad.stride() != parameter.stride()
    optim.SGD([parameter], lr=0.5, fused=True).step()
    assert (parameter == 0.5).all()
    assert kernels["SGD"] == 1


def test_a_tensor_of_a_users_own_class_goes_by_the_loop(kernels):
    class Named(torch.Tensor):
        """A tensor that counts what is done with it."""

        done = 0

        @classmethod
        def __torch_function__(cls, function, types, args=(), kwargs=None):
            cls.done += 1
            return super().__torch_function__(function, types, args, kwargs)

    parameter = torch.ones(3).as_subclass(Named).requires_grad_()
    parameter.grad = torch.ones(3)
    optim.Adam([parameter, torch.nn.Parameter(torch.ones(3))], fused=True).step()
    assert not kernels and Named.done


@pytest.mark.parametrize("what", ["grad", "state"])
@pytest.mark.parametrize(
    "method, name", [("SGD", "momentum_buffer"), ("Adagrad", "sum")]
)
def test_what_is_of_another_dtype_goes_by_the_rule(method, name, what, kernels):
    def parameters(way):
        kept = torch.nn.Parameter(torch.ones(3))
        options = {"momentum": 0.9} if method == "SGD" else {}
        optimizer = getattr(optim, method)([kept], lr=0.1, **options, **way)
        for _ in range(2):
            kept.grad = torch.ones(3)
            optimizer.step()
        changed = kept.grad if what == "grad" else optimizer.state[kept][name]
        changed.data = torch.arange(3.0, dtype=torch.float64)
        before = sum(kernels.values())
        optimizer.step()
        assert sum(kernels.values()) == before
        return kept.tolist()

    expected = pytest.approx(parameters({"foreach": False}))
    assert parameters({"fused": True}) == expected


@pytest.mark.parametrize("change", [lambda t: t.resize_(2), lambda t: t.t_()])
def test_a_state_that_is_resized_or_transposed_in_place_is_noticed(change, kernels):
    parameter = torch.nn.Parameter(torch.ones(2, 3))
    optimizer = optim.Adagrad([parameter], fused=True)
    parameter.grad = torch.ones(2, 3)
    optimizer.step()
    change(optimizer.state[parameter]["sum"])
    with pytest.raises(RuntimeError, match="size of tensor"):
        optimizer.step()
    assert kernels["Adagrad"] == 1


def test_arrays_of_inference_mode_have_no_versions_to_move():
    with torch.inference_mode():
        parameter = torch.nn.Parameter(torch.ones(3))
        parameter.grad = torch.ones(3)
        optim.SGD([parameter], lr=0.5, fused=True).step()
        assert parameter.tolist() == [0.5] * 3


def test_state_that_a_user_adds_goes_by_the_rule_and_stays(kernels):
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = optim.SGD([parameter], lr=0.5, momentum=0.9, fused=True)
    optimizer.state[parameter]["mine"] = torch.zeros(3)
    parameter.grad = torch.ones(3)
    optimizer.step()
    assert parameter.tolist() == [0.5] * 3
    assert list(optimizer.state[parameter]) == ["mine", "momentum_buffer"]
    assert not kernels


def test_a_count_of_another_dtype_goes_by_the_rule(kernels):
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = optim.Adam([parameter], fused=True)
    parameter.grad = torch.ones(3)
    optimizer.step()
    state = optimizer.state[parameter]
    state["step"] = state["step"].double()
    optimizer.step()
    assert state["step"].item() == 2.0
    assert kernels["Adam"] == 1


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1, 1), (2, 0), (2, 3, 4)])
def test_dense_means_without_gaps_in_some_order(shape):
    array = torch.ones(shape)
    axes = tuple(range(array.dim()))
    for each in (array, array.permute(axes[::-1]), array.permute(axes[1:] + axes[:1])):
        assert fused.is_dense(each)
    if array.numel() > 1:
        assert not fused.is_dense(torch.ones(*shape, 2)[..., 0])
        assert not fused.is_dense(torch.ones(()).expand(shape))
