"""Tensors on two devices: the error says which argument lies where."""

import pytest
import torch
import torch.nn.functional as F

from helpers import fast, nn, optim
from helpers.autograd import Tensor
from helpers.loop.train import evaluate, fit
from helpers.two_devices import named_arguments, places_of, with_places

METHODS_WITH_STATE = {
    "SGD": dict(momentum=0.9),
    "Adam": {},
    "AdamW": dict(amsgrad=True),
    "RMSprop": {},
    "Adagrad": {},
}


def said_by(function):
    """What a RuntimeError of a call says."""
    with pytest.raises(RuntimeError) as caught:
        function()
    return str(caught.value)


def leaf(*numbers, device="cpu"):
    return Tensor(torch.tensor(numbers, device=device), requires_grad=True)


@pytest.mark.parametrize(
    "function, here, there",
    [
        (lambda a, b: a + b, "other", "add, input"),
        (lambda a, b: a * b, "other", "mul, input"),
        (lambda a, b: a @ b, "other", "matmul, input"),
        (lambda a, b: torch.cat([a, b]), "tensors[1]", "cat, tensors[0]"),
        (lambda a, b: (a * 1).sub_(b), "other", "sub, input"),
        (lambda a, b: torch.lt(a, b), "argument 2", "lt, argument 1"),
        (lambda a, b: F.mse_loss(a, b), "target", "mse_loss, input"),
        (lambda a, b: F.linear(a, b[None]), "weight", "linear, input"),
        (lambda a, b: torch.stack([a, a, b]), "tensors[2]", "tensors[1] are"),
    ],
)
@pytest.mark.parametrize("recording", [True, False])
def test_an_operation_names_its_arguments(
    function, here, there, recording, accelerator
):
    a, b = leaf(1.0, 2.0, device=accelerator), leaf(1.0, 2.0)
    with torch.set_grad_enabled(recording):
        said = said_by(lambda: function(a, b))
    assert said.startswith("Expected all tensors to be on the same device")
    assert f"{there} " in said and f" on {accelerator}, {here} on cpu." in said
    assert said.count("must lie on one device") == 1


@pytest.mark.parametrize(
    "layer, names",
    [
        (lambda: nn.Linear(2, 3), "weight and bias"),
        (lambda: nn.Linear(2, 3, bias=False), "weight"),
        (lambda: nn.BatchNorm1d(2), "weight, bias, running_mean and 1 more"),
        (lambda: nn.LayerNorm(2), "weight and bias"),
    ],
)
def test_a_layer_names_its_parameters(layer, names, accelerator):
    inputs = torch.ones(4, 2)
    said = said_by(lambda: layer().to(accelerator)(Tensor(inputs)))
    assert f"input is on cpu, {names} on {accelerator}." in said
    said = said_by(lambda: layer()(Tensor(inputs.to(accelerator))))
    assert f"input is on {accelerator}, {names} on cpu." in said


@pytest.mark.parametrize(
    "loss, targets",
    [(nn.CrossEntropyLoss(), [0, 1]), (nn.MSELoss(), [[0.0, 1.0], [1.0, 0.0]])],
)
def test_a_loss_names_its_target(loss, targets, accelerator):
    outputs = Tensor(torch.ones(2, 2, device=accelerator), requires_grad=True)
    said = said_by(lambda: loss(outputs, torch.tensor(targets)))
    assert f"input is on {accelerator}, target on cpu." in said


def behind(method, accelerator, **options):
    """A parameter on the accelerator, its optimizer's state left on the CPU."""
    parameter = torch.nn.Parameter(torch.ones(2))
    optimizer = getattr(optim, method)([parameter], lr=0.1, **options)
    parameter.grad = torch.ones(2)
    optimizer.step()
    moved = torch.nn.Parameter(parameter.detach().to(accelerator))
    optimizer.param_groups[0]["params"] = [moved]
    optimizer.state[moved] = optimizer.state.pop(parameter)
    moved.grad = torch.ones(2, device=accelerator)
    return moved, optimizer


@pytest.mark.parametrize("foreach", [False, True])
@pytest.mark.parametrize("method", METHODS_WITH_STATE)
def test_a_step_names_the_state_that_stayed_behind(method, foreach, accelerator):
    options = METHODS_WITH_STATE[method] | {"foreach": foreach}
    moved, optimizer = behind(method, accelerator, **options)
    said = said_by(optimizer.step)
    assert f"In {method}.step, parameter 0 of group 0 and its gradient are " in said
    first = next(n for n, v in optimizer.state[moved].items() if v.dim())
    assert f"on {accelerator}, its {first}" in said and " on cpu. State stays" in said


@pytest.mark.parametrize("method", METHODS_WITH_STATE)
def test_what_the_error_advises_moves_the_state(method, accelerator):
    moved, optimizer = behind(method, accelerator, **METHODS_WITH_STATE[method])
    optimizer.load_state_dict(optimizer.state_dict())
    optimizer.step()
    state = optimizer.state[moved]
    assert {v.device for n, v in state.items() if n != "step"} == {accelerator}
    assert state["step"].item() == 2 if "step" in state else True


def test_adagrad_built_before_the_move_is_told(accelerator):
    """Its state is there from the beginning; that of the others comes later."""
    for method in METHODS_WITH_STATE:
        layer = nn.Linear(2, 1)
        optimizer = getattr(optim, method)(layer.parameters(), lr=0.1)
        layer.to(accelerator)
        layer(Tensor(torch.ones(1, 2, device=accelerator))).sum().backward()
        if method != "Adagrad":
            optimizer.step()
            continue
        assert "its sum on cpu. State stays where it was made" in said_by(
            optimizer.step
        )


def test_a_module_of_ours_keeps_its_parameters_when_it_moves(accelerator):
    layer = nn.Linear(2, 1)
    held = list(layer.parameters())
    layer.to(accelerator)
    assert all(a is b for a, b in zip(held, layer.parameters(), strict=True))
    assert {each.device for each in held} == {accelerator}


@pytest.mark.parametrize("method", ["LBFGS", "ConjugateGradient"])
def test_a_method_with_one_vector_names_the_parameters(method, accelerator):
    pair = leaf(1.0, 2.0), leaf(1.0, 2.0, device=accelerator)

    def closure():
        loss = pair[0].sum() + pair[1].sum().cpu()
        loss.backward()
        return loss

    said = said_by(lambda: getattr(optim, method)(pair).step(closure))
    names = "parameter 0 of group 0 is on cpu, parameter 1 of group 0"
    assert f"In {method}.step, {names} on {accelerator}. This method" in said


@pytest.mark.parametrize("library", [torch.nn, nn])
def test_fit_and_evaluate_name_what_lies_apart(library, accelerator):
    """The batch follows the first parameter; what a criterion holds does not."""
    model = library.Linear(2, 2).to(accelerator)
    criterion = library.CrossEntropyLoss(weight=torch.ones(2))
    batches = [(torch.ones(4, 2), torch.tensor([0, 1, 0, 1]))]
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    word = "criterion.weight" if library is torch.nn else "weight"
    for call in (
        lambda: fit(model, batches, criterion, optimizer),
        lambda: evaluate(model, batches, criterion),
    ):
        assert f"{word} on cpu" in said_by(call)


@pytest.mark.filterwarnings("ignore")
def test_a_compiled_step_names_its_arguments(accelerator):
    model = torch.nn.Linear(2, 1)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    step = fast.compiled_step(model, torch.nn.MSELoss(), optimizer, backend="eager")
    inputs, targets = torch.ones(4, 2, device=accelerator), torch.zeros(4, 1)
    said = said_by(lambda: step(inputs, targets))
    assert f"input is on {accelerator}, weight and bias on cpu." in said


class Scale(torch.nn.Module):
    """Inputs times one weight."""

    def __init__(self, weight):
        super().__init__()
        self.weight = weight

    def forward(self, inputs):
        return inputs * self.weight


@pytest.mark.filterwarnings("ignore")
def test_a_compiled_step_names_the_state_that_stayed_behind(accelerator):
    moved, optimizer = behind("Adam", accelerator)
    batch = torch.ones(4, 2, device=accelerator)
    model, criterion = Scale(moved), torch.nn.MSELoss()
    step = fast.compiled_step(
        model, criterion, optimizer, backend="eager", cuda_graph=False
    )
    said = said_by(lambda: step(batch, 2 * batch))
    assert f"on {accelerator}, its exp_avg and its exp_avg_sq on cpu" in said


def test_a_step_inside_backward_names_the_state_that_lies_elsewhere(accelerator):
    weight = torch.nn.Parameter(torch.ones(2))
    optimizer = optim.Adam([weight])
    fast.gradient_release(optimizer)
    (weight * 2).sum().backward()
    optimizer.step()
    state = optimizer.state[weight]
    state["exp_avg"] = state["exp_avg"].to(accelerator)
    said = said_by((weight * 2).sum().backward)
    assert f"on cpu, its exp_avg on {accelerator}. State stays" in said


def test_an_error_of_one_device_stays_as_it_is():
    a, b = leaf(1.0, 2.0), leaf(1.0, 2.0, 3.0)
    assert "must lie on one device" not in said_by(lambda: a + b)
    error = RuntimeError("else")
    assert with_places(error, "add", {"a": a, "b": b}) is error


def test_an_error_of_another_class_stays_as_it_is():
    values = {"a": torch.ones(1), "b": torch.ones(1, device="meta")}
    for error in (NotImplementedError("else"), ValueError("else")):
        assert with_places(error, "add", values) is error


def test_an_error_that_says_it_says_it_once():
    values = {"a": torch.ones(1), "b": torch.ones(1, device="meta")}
    said = with_places(RuntimeError("torch's words"), "add", values)
    assert str(said).startswith("torch's words. In add, a is on cpu, b on meta. All")
    assert with_places(said, "fit", values) is said


def test_a_number_beside_arrays_may_lie_anywhere():
    number, array = torch.tensor(1.0, device="meta"), torch.ones(2)
    assert list(places_of({"number": number, "array": array})) == ["cpu"]
    assert len(places_of({"one": number, "other": array[0]})) == 2


def test_arguments_without_a_name_are_counted():
    named = named_arguments(["input"], (1, 2), {"dim": 3})
    assert named == {"input": 1, "argument 2": 2, "dim": 3}
