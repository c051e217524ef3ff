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
    "mul": [(0, (0.3,), {})],
    "div": [(0, (0.3,), {})],
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


def test_each_word_is_tried():
    tried = {name for name, *_ in CASES} | {"clamp", "clamp_"}
    assert set(WORDS) == tried


class Signs(Optimizer):
    """A method with a word that lists have, and `Functional` has not."""

    def __init__(self, params, **options):
        super().__init__(params, {"lr": 0.5, **options})

    def update(self, p, grad, state, options):
        p.add_(grad.sign(), alpha=-options["lr"])

    def has_state(self, group):
        return False


class Spins(Signs):
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
    assert stepped(Signs, foreach=foreach) == [[-0.5, 0.5]] * 2


def test_a_word_that_lists_have_not_is_named():
    assert stepped(Spins, foreach=False) == [[1.0, 1.0]] * 2
    with pytest.raises(AttributeError) as caught:
        stepped(Spins, foreach=True)
    for part in ("'cumprod_'", "torch has no _foreach_cumprod_", "pass foreach=False"):
        assert part in str(caught.value)


def test_a_word_that_traced_steps_have_not_is_named():
    with pytest.raises(AttributeError) as caught:
        stepped(Signs, differentiable=True)
    for part in ("'sign'", "may use add, ", "add the method to helpers/optim/"):
        assert part in str(caught.value)


def test_a_method_without_kernel_goes_by_lists_when_fused():
    assert stepped(Signs, fused=True) == [[-0.5, 0.5]] * 2
    with pytest.raises(AttributeError, match="torch has no _foreach_cumprod_"):
        stepped(Spins, fused=True)
