"""The methods in which update rules are written: the same on tensors and on lists."""

import pytest
import torch

from helpers.optim import Optimizer
from helpers.optim.execution.functional import WORDS, Functional
from helpers.optim.execution.tensor_list import TensorList

ARRAY = torch.tensor([[1.0, 2.0, 0.5], [4.0, 0.25, 3.0], [2.0, 8.0, 0.5]])
OPERANDS = {  # of each method: how many arrays, the numbers after them, the options
    "add": [(1, (), {}), (1, (), {"alpha": -0.3}), (0, (2.0,), {})],
    "addcmul": [(2, (), {}), (2, (), {"value": -0.3})],
    "addcdiv": [(2, (), {}), (2, (), {"value": -0.3})],
    "mul": [(0, (0.3,), {}), (1, (), {})],
    "div": [(0, (0.3,), {}), (1, (), {})],
    "reciprocal": [(0, (), {})],
    "abs": [(0, (), {})],
    "sign": [(0, (), {})],
    "eq": [(0, (2.0,), {})],
    "gt": [(0, (2.0,), {})],
    "lt": [(0, (2.0,), {})],
    "fill": [(0, (2.0,), {})],
    "copy": [(1, (), {})],
    "lerp": [(1, (0.3,), {})],
    "sqrt": [(0, (), {})],
    "clone": [(0, (), {})],
}
CASES = [(name, *case) for name in WORDS for case in OPERANDS.get(name.rstrip("_"), ())]


def outcome(kind, name, arrays, numbers, options):
    """What a method returns, and what its object is afterwards, as raw arrays."""
    first, *others = [kind(each.clone()) for each in arrays]
    made = getattr(first, name)(*others, *numbers, **options)
    return [raw(made), raw(first)], made is first


def raw(thing):
    """The array in a tensor, a list of one tensor or a `Functional`."""
    thing = getattr(thing, "array", thing)
    return thing.tensors[0] if isinstance(thing, TensorList) else thing


def listed(array):
    return TensorList([array])


@pytest.mark.parametrize("kind", [listed, Functional])
@pytest.mark.parametrize("name, count, numbers, options", CASES)
def test_a_word_means_what_the_tensors_method_means(
    kind, name, count, numbers, options
):
    case = name, list(ARRAY)[: count + 1], numbers, options
    got, is_in_place = outcome(kind, *case)
    expected, is_in_place_there = outcome(torch.Tensor.clone, *case)
    torch.testing.assert_close(got, expected)
    assert is_in_place == is_in_place_there == name.endswith("_")


@pytest.mark.parametrize("kind", [listed, Functional])
def test_clamp_raises_to_a_lower_bound(kind):
    low, high = kind(ARRAY[0].clone()), kind(ARRAY[1])
    assert low.clamp_(min=high) is low
    assert raw(low).tolist() == [4.0, 2.0, 3.0]


@pytest.mark.parametrize("kind", [listed, Functional])
def test_clamp_brings_what_is_outside_to_two_bounds(kind):
    value = kind(ARRAY[0].clone())
    assert value.clamp_(min=0.75, max=1.5) is value
    assert raw(value).tolist() == [1.0, 1.5, 0.75]


@pytest.mark.parametrize("kind", [listed, Functional])
def test_a_mask_is_filled(kind):
    value = kind(ARRAY[0].clone())
    assert raw(value.masked_fill(value.gt(1.5), 7.0)).tolist() == [1.0, 7.0, 0.5]
    assert value.masked_fill_(value.gt(1.5), 7.0) is value
    assert raw(value).tolist() == [1.0, 7.0, 0.5]


@pytest.mark.parametrize("kind", [listed, Functional])
def test_a_number_is_read(kind):
    """A traced one stays a tensor, which nobody waits for."""
    number = kind(torch.tensor(3.0)).item()
    assert number == 3.0
    assert isinstance(number, torch.Tensor) == (kind is Functional)


def test_each_word_is_tried():
    tried = {name for name, *_ in CASES}
    tried |= {"clamp", "clamp_", "masked_fill", "masked_fill_", "item"}
    assert set(WORDS) == tried


class Floors(Optimizer):
    """A method with a word that lists have, and `Functional` has not."""

    def __init__(self, params, **options):
        super().__init__(params, {"lr": 0.5, **options})

    def update(self, p, grad, state, options):
        p.add_(grad.floor(), alpha=-options["lr"])

    def has_state(self, group):
        return False


class Spins(Floors):
    """A method with a word that a tensor has, and a list has not."""

    def update(self, p, grad, state, options):
        p.add_(1.0).cumprod_(0)


def stepped(kind, **options):
    """Two parameters after one step."""
    parameters = [torch.nn.Parameter(torch.zeros(2)) for _ in range(2)]
    optimizer = kind(parameters, **options)
    for each in parameters:
        each.grad = torch.tensor([3.0, -2.0])
    optimizer.step()
    return [each.tolist() for each in parameters]


@pytest.mark.parametrize("foreach", [False, True])
def test_lists_have_all_that_torch_has_for_lists(foreach):
    assert stepped(Floors, foreach=foreach) == [[-1.5, 1.0]] * 2


def test_a_word_that_lists_have_not_is_named():
    assert stepped(Spins, foreach=False) == [[1.0, 1.0]] * 2
    with pytest.raises(AttributeError) as caught:
        stepped(Spins, foreach=True)
    for part in ("'cumprod_'", "torch has no _foreach_cumprod_", "pass foreach=False"):
        assert part in str(caught.value)


def test_a_word_that_traced_steps_have_not_is_named():
    with pytest.raises(AttributeError) as caught:
        stepped(Floors, differentiable=True)
    for part in ("'floor'", "may use add, ", "add the method to helpers/optim/"):
        assert part in str(caught.value)


def test_a_method_without_kernel_goes_by_lists_when_fused():
    assert stepped(Floors, fused=True) == [[-1.5, 1.0]] * 2
    with pytest.raises(AttributeError, match="torch has no _foreach_cumprod_"):
        stepped(Spins, fused=True)
