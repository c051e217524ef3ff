"""Averaged weights beside torch's: the same numbers, the same state, on both kinds."""

import copy

import pytest
import torch

from helpers import autograd, optim
from helpers.optim import swa
from tests.engines import error_of
from tests.optim.optimizers import raised_by

theirs = torch.optim.swa_utils
DECAYS = [0.0, 0.3, 0.999, 1.0]
KINDS = {
    "default": lambda place: {},
    "swa": lambda place: {"avg_fn": place.get_swa_avg_fn()},
    "swa in lists": lambda place: {"multi_avg_fn": place.get_swa_multi_avg_fn()},
    **{
        f"ema {d}": lambda place, d=d: {"avg_fn": place.get_ema_avg_fn(d)}
        for d in DECAYS
    },
    **{
        f"ema in lists {d}": lambda place, d=d: {
            "multi_avg_fn": place.get_ema_multi_avg_fn(d)
        }
        for d in DECAYS
    },
}


def network():
    """Layers, a batch norm with its buffers, and one parameter in double."""
    torch.manual_seed(1)
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2)
    )
    model[2].double()
    return model


def change(model, seed):
    """Move all parameters and buffers somewhere else."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for each in (*model.parameters(), *model.buffers()):
            each.copy_(torch.randn(each.shape) * 10)


def same(one, other):
    """Assert that two state dicts agree, to the last bit."""
    assert list(one) == list(other)
    for name in one:
        torch.testing.assert_close(one[name], other[name], rtol=0, atol=0)


INTEGERS = "swa in lists"  # torch's can't divide the integers of a buffer


@pytest.mark.parametrize("use_buffers", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_averages_are_torchs(kind, use_buffers):
    model = network()
    if kind == INTEGERS and use_buffers:
        model[1].num_batches_tracked = None
    averages = [
        place.AveragedModel(model, use_buffers=use_buffers, **KINDS[kind](place))
        for place in (theirs, swa)
    ]
    for seed in range(6):
        change(model, seed)
        for each in averages:
            each.update_parameters(model)
        same(*(each.state_dict() for each in averages))
    other = swa.AveragedModel(model, use_buffers=use_buffers)
    other.load_state_dict(averages[0].state_dict())
    same(other.state_dict(), averages[0].state_dict())
    assert other.n_averaged == 6


def test_integers_in_lists_are_averaged():
    model = network()
    average = swa.AveragedModel(
        model, multi_avg_fn=swa.get_swa_multi_avg_fn(), use_buffers=True
    )
    for count in (4, 8, 9):
        model[1].num_batches_tracked.fill_(count)
        average.update_parameters(model)
    assert average.module[1].num_batches_tracked == 7


def test_the_average_is_a_copy_that_answers_for_itself():
    model = torch.nn.Linear(2, 1)
    average = swa.AveragedModel(model)
    change(model, 3)
    inputs = torch.ones(1, 2)
    assert average(inputs) != model(inputs)
    average.update_parameters(model)
    assert average(inputs) == model(inputs)
    assert all(each.requires_grad for each in average.parameters())


def test_the_mean_of_all_models():
    model, values = torch.nn.Linear(2, 1), []
    average = swa.AveragedModel(model)
    for seed in range(20):
        change(model, seed)
        values.append(model.weight.detach().clone())
        average.update_parameters(model)
    mean = torch.stack(values).mean(0)
    torch.testing.assert_close(average.module.weight.detach(), mean)


class OwnModel:
    """A model of our Tensors, with what is asked of one."""

    def __init__(self, value):
        self.weight = autograd.tensor([value], requires_grad=True)

    def parameters(self):
        return iter([self.weight])

    def buffers(self):
        return iter([])


def test_models_of_our_tensors_are_averaged():
    average = swa.AveragedModel(OwnModel(0.0), avg_fn=swa.get_ema_avg_fn(0.5))
    for value in (1.0, 3.0, 4.0):
        average.update_parameters(OwnModel(value))
    assert average.module.weight.data.tolist() == [3.0]


def test_an_average_on_another_device(device):
    average = swa.AveragedModel(network().float(), device=device)
    model = network().float()
    for seed in range(3):
        change(model, seed)
        average.update_parameters(model)
    assert all(each.device.type == device.type for each in average.parameters())
    wanted = theirs.AveragedModel(model)
    for seed in range(3):
        change(model, seed)
        wanted.update_parameters(model)
    for one, other in zip(average.parameters(), wanted.parameters(), strict=True):
        torch.testing.assert_close(one.cpu(), other)


@pytest.mark.parametrize("make", ["get_ema_avg_fn", "get_ema_multi_avg_fn"])
@pytest.mark.parametrize("decay", [-0.1, 1.1, float("nan")])
def test_a_decay_is_a_part(make, decay):
    words = f"Invalid decay value: {decay}", "from 0 to 1"
    assert error_of(lambda: getattr(swa, make)(decay), *words) is ValueError


def test_one_function_says_how():
    both = dict(avg_fn=swa.get_swa_avg_fn(), multi_avg_fn=swa.get_swa_multi_avg_fn())
    make = lambda: swa.AveragedModel(torch.nn.Linear(1, 1), **both)  # noqa: E731
    assert error_of(make, "Only one of", "pass multi_avg_fn") is AssertionError


def test_another_model_is_refused():
    average = swa.AveragedModel(torch.nn.Linear(2, 1))
    words = "shapes [(1, 3), (1,)]", "the average [(1, 2), (1,)]", "pass the model"
    call = lambda: average.update_parameters(torch.nn.Linear(3, 1))  # noqa: E731
    assert error_of(call, *words) is ValueError
    assert average.n_averaged == 0


def batches():
    torch.manual_seed(7)
    return [torch.randn(5, 3) * 3 + 1 for _ in range(4)]


@pytest.mark.parametrize("kind", ["tensors", "lists", "tuples"])
@pytest.mark.parametrize("training", [True, False])
def test_statistics_are_torchs(kind, training):
    wrap = {"tensors": lambda x: x, "lists": lambda x: [x, 1], "tuples": lambda x: (x,)}
    models = [network().float() for _ in range(2)]
    for model, update_bn in zip(models, (theirs.update_bn, swa.update_bn), strict=True):
        model.train(training)
        model[1].momentum = 0.3
        update_bn(map(wrap[kind], batches()), model)
        assert model.training is training and model[1].momentum == 0.3
    same(*(each.state_dict() for each in models))


def test_a_model_without_batch_norm_is_not_run():
    swa.update_bn(iter([None]), torch.nn.Linear(1, 1))


def test_modes_are_put_back_when_the_model_fails():
    model = network().float().eval()
    model[1].momentum = 0.3
    error = raised_by(lambda: swa.update_bn([torch.ones(1)], model))
    assert isinstance(error, RuntimeError)
    assert not model.training and model[1].momentum == 0.3


def test_no_batch_is_an_error():
    words = "gave no batch", "no statistics", "pass a DataLoader"
    assert error_of(lambda: swa.update_bn([], network()), *words) is ValueError


def test_the_loop_of_torchs_documentation():
    """Cosine, then SWALR and an average: the same weights as with torch's."""
    results = []
    for methods, schedulers, place in (
        (torch.optim, torch.optim.lr_scheduler, theirs),
        (optim, optim.lr_scheduler, swa),
    ):
        model = torch.nn.Linear(3, 1)
        torch.nn.init.constant_(model.weight, 0.5)
        torch.nn.init.zeros_(model.bias)
        optimizer = methods.SGD(model.parameters(), lr=0.01, foreach=False)
        scheduler = schedulers.CosineAnnealingLR(optimizer, T_max=30)
        average = place.AveragedModel(model)
        constant = place.SWALR(optimizer, swa_lr=0.005, anneal_epochs=5)
        for epoch in range(30):
            for inputs in batches():
                optimizer.zero_grad()
                (model(inputs).square().mean()).backward()
                optimizer.step()
            if epoch > 15:
                average.update_parameters(model)
                constant.step()
            else:
                scheduler.step()
        results.append(copy.deepcopy(average.state_dict()))
    same(*results)
