"""Each loss beside torch's, over drawn settings."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import nn
from helpers.autograd import tensor
from tests.counted import LAYERS
from tests.engines import error_of
from tests.nn.layers import raw

REDUCTIONS = st.sampled_from(["none", "mean", "sum"])
DTYPES = st.sampled_from([torch.float32, torch.float64])


def numbers(seed, *shape, dtype):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=dtype)


@st.composite
def of_numbers(draw):
    """A loss that compares numbers with numbers: name, options, input, target."""
    dtype = draw(DTYPES)
    shape = draw(st.sampled_from([(4,), (3, 2), ()]))
    name = draw(st.sampled_from(["MSELoss", "L1Loss"]))
    options = {"reduction": draw(REDUCTIONS)}
    return (
        name,
        options,
        numbers(0, *shape, dtype=dtype),
        numbers(1, *shape, dtype=dtype),
    )


@st.composite
def of_answers(draw):
    dtype = draw(DTYPES)
    options = {"reduction": draw(REDUCTIONS)}
    if draw(st.booleans()):
        options["pos_weight"] = numbers(2, 3, dtype=dtype).abs()
    if draw(st.booleans()):
        options["weight"] = numbers(3, 4, 1, dtype=dtype).abs()
    target = numbers(1, 4, 3, dtype=dtype).sigmoid()
    return "BCEWithLogitsLoss", options, numbers(0, 4, 3, dtype=dtype) * 20, target


@st.composite
def of_classes(draw):
    dtype = draw(DTYPES)
    name = draw(st.sampled_from(["CrossEntropyLoss", "NLLLoss"]))
    sizes = draw(st.sampled_from([(), (2,), (2, 3)]))
    options = {"reduction": draw(REDUCTIONS)}
    if draw(st.booleans()):
        options["weight"] = numbers(2, 3, dtype=dtype).abs()
    if draw(st.booleans()):
        options["ignore_index"] = 1
    if name == "CrossEntropyLoss":
        options["label_smoothing"] = draw(st.sampled_from([0.0, 0.1, 1.0]))
    input = numbers(0, 5, 3, *sizes, dtype=dtype)
    if name == "NLLLoss":
        input = input.log_softmax(1)
    generator = torch.Generator().manual_seed(draw(st.integers(0, 3)))
    target = torch.randint(3, (5, *sizes), generator=generator)
    if name == "CrossEntropyLoss" and draw(st.booleans()):
        options.pop("ignore_index", None)
        target = numbers(4, *input.shape, dtype=dtype).softmax(1)
    return name, options, input, target


def outcome(library, case, leaf):
    """Loss and gradient of a case."""
    name, options, input, target = case
    input = leaf(input.clone(), requires_grad=True)
    criterion = getattr(library, name)(**options)
    loss = criterion(input, target)
    loss.sum().backward()
    return repr(criterion), list(criterion.state_dict()), raw(loss), raw(input.grad)


def torch_leaf(array, requires_grad):
    return array.requires_grad_(requires_grad)


@pytest.mark.parametrize(
    "cases", [of_numbers(), of_answers(), of_classes()], ids=["numbers", "yes", "class"]
)
def test_losses_agree_with_torchs(cases, record_property):
    seen = set()

    @settings(max_examples=40)
    @given(cases)
    def agree(case):
        ours = outcome(nn, case, tensor)
        torchs = outcome(torch.nn, case, torch_leaf)
        assert ours[:2] == torchs[:2]
        torch.testing.assert_close(ours[2:], torchs[2:], equal_nan=True)
        seen.add(repr(case))

    agree()
    record_property(LAYERS, len(seen))


def test_targets_and_weights_may_be_tensors_of_ours_or_torchs():
    logits, target = (
        numbers(0, 5, 3, dtype=torch.float32),
        torch.tensor([0, 1, 2, 1, 0]),
    )
    weight = torch.tensor([1.0, 2.0, 3.0])
    losses = [
        nn.CrossEntropyLoss(kind(weight))(other(logits), another(target)).item()
        for kind in (tensor, torch.clone)
        for other in (tensor, torch.clone)
        for another in (tensor, torch.clone)
    ]
    assert set(losses) == {torch.nn.CrossEntropyLoss(weight)(logits, target).item()}


def test_what_can_not_be_a_loss_is_refused_with_three_parts():
    for cls in (nn.MSELoss, nn.CrossEntropyLoss):
        words = "average is not a valid value", "none, mean, sum", "Pass for example"
        assert error_of(lambda c=cls: c(reduction="average"), *words) is ValueError
    words = "between 0.0 and 1.0", "Got: 2", "Pass for example"
    assert error_of(lambda: nn.CrossEntropyLoss(label_smoothing=2), *words) is (
        RuntimeError
    )
    # torch's outdated second place, size_average, is none of ours.
    assert error_of(lambda: nn.CrossEntropyLoss(None, True)) is TypeError
