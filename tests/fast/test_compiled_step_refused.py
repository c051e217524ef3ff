"""What can't be captured is said, with what to do; nothing has moved then."""

import pytest
import torch
import torch.nn.functional as F

from helpers import optim
from helpers.fast import CaptureError, compiled_step
from helpers.fast.compiler import Compiler
from tests.fast.training import eager, made, mlp, plain_step, rows, twins


class Branching(torch.nn.Linear):
    """A layer that looks at a value."""

    def forward(self, inputs):
        """Doubled, if large."""
        outputs = super().forward(inputs)
        return outputs * 2 if outputs.sum() > 0 else outputs


class Counting(torch.nn.Linear):
    """A layer that counts its calls in Python."""

    calls = 0

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.calls = 0

    def forward(self, inputs):
        """As a linear layer."""
        self.calls += 1
        return super().forward(inputs) / self.calls


def linear(kind):
    """A model of one layer, and its optimizer."""
    model = made(lambda: kind(5, 3))
    return model, optim.SGD(model.parameters(), lr=0.1)


def test_a_branch_on_a_value_is_named_with_its_line():
    model, optimizer = linear(Branching)
    before = model.weight.clone()
    with pytest.raises(CaptureError, match=r"test_compiled_step_refused.py, line \d+"):
        eager(model, F.cross_entropy, optimizer)(*rows())
    assert torch.equal(model.weight, before)
    assert isinstance(model.weight, torch.nn.Parameter)


def test_item_in_the_criterion_is_refused():
    def criterion(outputs, targets):
        return F.cross_entropy(outputs, targets) / outputs.abs().max().item()

    model, optimizer = linear(torch.nn.Linear)
    with pytest.raises(CaptureError, match="torch.where"):
        eager(model, criterion, optimizer)(*rows())


def test_a_count_in_python_is_refused_and_set_back():
    model, optimizer = linear(Counting)
    with pytest.raises(CaptureError, match="calls of Counting.*buffer"):
        eager(model, F.cross_entropy, optimizer)(*rows())
    assert model.calls == 0


@pytest.mark.parametrize("kind", [Branching, Counting])
def test_the_plain_loop_takes_over_only_when_asked_and_says_so(kind):
    (model, optimizer), (twin, other) = linear(kind), linear(kind)
    step = eager(model, F.cross_entropy, optimizer, fallback=True)
    with pytest.warns(UserWarning, match="The plain loop does this step"):
        step(*rows())
    for _ in range(4):
        step(*rows())
    for _ in range(5):
        plain_step(twin, F.cross_entropy, other, *rows())
    assert step.is_plain and torch.equal(model.weight, twin.weight)


def test_the_plain_loop_goes_over_stacks_too():
    (model, optimizer), (twin, other) = linear(Branching), linear(Branching)
    step = eager(model, F.cross_entropy, optimizer, steps=2, fallback=True)
    batches = [rows(seed=seed) for seed in range(2)]
    with pytest.warns(UserWarning, match="plain loop"):
        losses = step(*map(torch.stack, zip(*batches, strict=True)))
    expected = [plain_step(twin, F.cross_entropy, other, *each) for each in batches]
    assert torch.equal(losses, torch.stack(expected))


def test_closures_are_refused_with_what_can_be_captured():
    model = made(mlp)
    for kind in (optim.LBFGS, optim.ConjugateGradient):
        with pytest.raises(TypeError, match="closure.*SGD, Adam"):
            compiled_step(model, F.cross_entropy, kind(model.parameters()))


@pytest.mark.parametrize("kind", ["SparseAdam", "Adafactor"])
def test_rules_of_one_tensor_at_a_time_are_refused(kind):
    model = made(mlp)
    optimizer = getattr(optim, kind)(model.parameters())
    with pytest.raises(TypeError, match=f"{kind}'s rule.*SGD, Adam"):
        compiled_step(model, F.cross_entropy, optimizer)


def test_optimizers_of_torch_are_refused():
    model = made(mlp)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(TypeError, match="torch.optim.sgd.SGD.*helpers.optim"):
        compiled_step(model, F.cross_entropy, optimizer)


@pytest.mark.parametrize("steps", [0, -1, 1.5, True])
def test_the_number_of_steps_is_checked(steps):
    model, optimizer = linear(torch.nn.Linear)
    with pytest.raises((TypeError, ValueError), match=f"steps = {steps}"):
        compiled_step(model, F.cross_entropy, optimizer, steps=steps)


def test_a_batch_that_is_no_stack_is_refused():
    model, optimizer = linear(torch.nn.Linear)
    step = eager(model, F.cross_entropy, optimizer, steps=3)
    with pytest.raises(CaptureError, match=r"shape \(8, 5\).*steps=3.*torch.stack"):
        step(*rows())


def test_parameters_of_another_model_are_refused():
    model, _ = linear(torch.nn.Linear)
    _, optimizer = linear(torch.nn.Linear)
    with pytest.raises(CaptureError, match="group 0.*neither the model's"):
        eager(model, F.cross_entropy, optimizer)(*rows())


@pytest.mark.parametrize("when", ["pre", "post"])
def test_hooks_around_a_step_are_refused(when):
    model, optimizer = linear(torch.nn.Linear)
    getattr(optimizer, f"register_step_{when}_hook")(print)
    with pytest.raises(CaptureError, match="print.*before_step"):
        eager(model, F.cross_entropy, optimizer)(*rows())


def test_a_loss_of_several_elements_is_refused():
    model, optimizer = linear(torch.nn.Linear)
    with pytest.raises(CaptureError, match=r"gave \(8, 3\).*mean"):
        eager(model, lambda outputs, targets: outputs, optimizer)(*rows())


def test_an_operation_without_a_derivative_is_refused():
    def criterion(outputs, targets):
        return torch.special.bessel_j0(outputs).sum()

    model, optimizer = linear(torch.nn.Linear)
    with pytest.raises(CaptureError, match="helpers.autograd differentiates"):
        eager(model, criterion, optimizer)(*rows())


@torch._inductor.config.patch(
    {"cpp.cxx": (None, "no-such-compiler"), "force_disable_caches": True}
)
def test_a_missing_compiler_is_named_with_how_to_get_one():
    ((model, optimizer), _) = twins(mlp, "SGD", lr=0.1)
    before = model[0].weight.clone()
    step = compiled_step(model, F.cross_entropy, optimizer)
    with pytest.raises(CaptureError, match="no C.. compiler.*apt install"):
        step(*rows())
    assert torch.equal(model[0].weight, before)


def test_inductor_is_given_the_order_of_random_numbers():
    assert Compiler().options == {"fallback_random": True}
    assert Compiler(options={"max_autotune": True}).options["fallback_random"]
    assert Compiler(options={"max-autotune": True}).options["max_autotune"]
    assert Compiler("aot_eager").options == {}


def test_an_option_that_inductor_has_not_is_refused():
    model, optimizer = linear(torch.nn.Linear)
    with pytest.raises(ValueError, match="'cpp_rapper'.*list_options"):
        compiled_step(model, F.cross_entropy, optimizer, options={"cpp_rapper": True})
