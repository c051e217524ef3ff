"""torch's modules on our engine, and modules of ours with other tensors."""

import copy

import pytest
import torch
from torch.nn.utils import parameters_to_vector

from helpers import nn, optim
from helpers.autograd import Tensor, tensor
from helpers.nn import functional_call, tensors_of
from tests.engines import error_of


class Own(torch.nn.Module):
    """A user's module: convolutions, statistics, a skip, a tied and a lone weight."""

    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 4, 3, padding=1)
        self.norm = torch.nn.BatchNorm2d(4)
        self.skip = torch.nn.Conv2d(1, 4, 1)
        self.head = torch.nn.Linear(4 * 4 * 4, 3, bias=False)
        self.again = torch.nn.Linear(4 * 4 * 4, 3)
        self.again.weight = self.head.weight
        self.scale = torch.nn.Parameter(torch.tensor(0.5))
        self.register_buffer("count", torch.zeros(()))

    def forward(self, images, *, offset=0.0):
        self.count = self.count + 1
        bent = torch.relu(self.norm(self.conv(images))) + self.skip(images)
        flat = torch.nn.functional.max_pool2d(bent, 2).flatten(1)
        return self.head(flat) * self.scale + self.again(flat) + offset


class Talk(torch.nn.Module):
    """A small language model: embedding tied to the output, attention, dropout."""

    def __init__(self):
        super().__init__()
        self.table = torch.nn.Embedding(7, 8, padding_idx=0)
        self.block = torch.nn.TransformerEncoderLayer(
            8, 2, 16, dropout=0.0, batch_first=True
        )
        self.drop = torch.nn.Dropout(0.2)
        self.out = torch.nn.Linear(8, 7)
        self.out.weight = self.table.weight

    def forward(self, words):
        return self.out(self.block(self.drop(self.table(words)))).flatten(0, 1)


def seeded(make):
    torch.default_generator.manual_seed(1)
    return make()


DATA = {
    Own: lambda: (torch.rand(6, 1, 8, 8), torch.tensor([0, 1, 2, 0, 1, 2])),
    Talk: lambda: (torch.randint(7, (2, 5)), torch.arange(10) % 7),
}


def trained(model, inputs, targets, call, optimizer, steps=5):
    """The losses of some steps; dropout draws the same in each run."""
    losses = []
    torch.default_generator.manual_seed(2)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(call(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("cls", DATA, ids=lambda cls: cls.__name__)
def test_a_torch_module_trains_on_our_engine_as_on_torchs(cls):
    inputs, targets = seeded(DATA[cls])
    theirs, ours = seeded(cls), seeded(cls)
    tensors = tensors_of(ours)
    assert all(isinstance(each, Tensor) for each in tensors.values())
    learned = {id(each): each for each in tensors.values() if each.requires_grad}
    optimizer = optim.SGD(learned.values(), lr=0.05, momentum=0.9)
    losses = trained(
        ours, inputs, targets, lambda x: functional_call(ours, tensors, x), optimizer
    )
    wanted = trained(
        theirs, inputs, targets, theirs,
        torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.9),
    )  # fmt: skip
    assert losses == pytest.approx(wanted, rel=1e-5)
    assert all(each.grad is None for each in ours.parameters())
    for name, each in theirs.named_parameters():
        torch.testing.assert_close(tensors[name].data, each.detach(), msg=name)
        torch.testing.assert_close(ours.get_parameter(name), each, msg=name)


def test_buffers_follow_and_the_module_has_its_own_again():
    model = seeded(Own)
    own = dict(model.named_parameters()), dict(model.named_buffers())
    tensors = copy.deepcopy(tensors_of(model))
    before = copy.deepcopy(model.state_dict())
    functional_call(model, tensors, torch.rand(6, 1, 8, 8))
    for name, each in (*own[0].items(), *own[1].items()):
        owner = model.get_submodule(name.rpartition(".")[0])
        assert getattr(owner, name.rpartition(".")[2]) is each
    torch.testing.assert_close(model.state_dict(), before, rtol=0, atol=0)
    assert tensors["norm.num_batches_tracked"].item() == 1
    assert tensors["norm.running_mean"].data.any()
    assert tensors["count"].item() == 1  # replaced by another, not changed in place


def test_the_module_has_its_own_again_after_an_error():
    model = seeded(Own)
    weight = model.conv.weight
    with pytest.raises(RuntimeError):
        functional_call(model, tensors_of(model), torch.rand(6, 2, 8, 8))
    assert model.conv.weight is weight


def test_ties_hold_under_any_one_name_and_rivals_are_refused():
    model = seeded(Own)
    input = torch.rand(6, 1, 8, 8)
    zero = tensor(torch.zeros(3, 64))
    both = {**tensors_of(model), "head.weight": zero, "again.weight": zero}
    one = {"again.weight": zero}
    wanted = functional_call(copy.deepcopy(model), both, input)
    with torch.no_grad():  # what stays torch's own must not be recorded there
        found = functional_call(copy.deepcopy(model), one, input)
    torch.testing.assert_close(found.data, wanted.data)
    rivals = {"head.weight": zero, "again.weight": zero.detach()}
    words = "multiple values", "tied", "tie_weights=False"
    call = lambda **how: functional_call(model, rivals, input, **how)  # noqa: E731
    assert error_of(call, *words) is ValueError
    with torch.no_grad():
        call(tie_weights=False)


def test_names_are_checked():
    model = torch.nn.Linear(1, 1)
    given = {"weight": tensor(torch.ones(1, 1)), "bais": tensor(torch.ones(1))}
    words = "Unexpected key(s): ['bais']", "the module has ['weight', 'bias']"
    assert error_of(lambda: functional_call(model, given, torch.ones(1)), *words) is (
        RuntimeError
    )
    del given["bais"]
    call = lambda: functional_call(model, given, torch.ones(1), strict=True)  # noqa: E731
    assert error_of(call, "Missing key(s): ['bias']") is RuntimeError


def test_arguments_are_handed_on():
    model = seeded(Own).eval()
    tensors, input = tensors_of(model), torch.rand(1, 1, 8, 8)
    first = functional_call(model, tensors, (input,))
    second = functional_call(model, tensors, input, {"offset": 1.0})
    torch.testing.assert_close(first.data + 1, second.data)


def test_our_modules_take_other_tensors_too():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    others = {
        name: tensor(each.data.clone()) for name, each in tensors_of(model).items()
    }
    nn.init.zeros_(others["1.weight"])
    out = functional_call(model, others, torch.rand(3, 2))
    assert not out.data.any()
    assert model[1].num_batches_tracked.item() == 0
    assert others["1.num_batches_tracked"].item() == 1


def test_a_step_on_our_tensors_trains_the_torch_module():
    model = torch.nn.Linear(2, 1)
    tensors = tensors_of(model)
    before = parameters_to_vector(model.parameters()).detach().clone()
    functional_call(model, tensors, torch.ones(1, 2)).sum().backward()
    optim.SGD(tensors.values(), lr=1.0).step()
    after = parameters_to_vector(model.parameters()).detach()
    torch.testing.assert_close(after, before - 1)


def test_torchs_own_function_refuses_our_tensors():
    """Why there is one of ours: torch asks for its own class."""
    model = torch.nn.Linear(1, 1)
    call = lambda: torch.func.functional_call(  # noqa: E731
        model, tensors_of(model), torch.ones(1)
    )
    assert error_of(call, "is not an instance of torch.Tensor") is TypeError


class Counts(torch.nn.Module):
    """Replaces its buffer by another at each call."""

    def __init__(self):
        super().__init__()
        self.register_buffer("count", torch.zeros(()))

    def forward(self, input):
        self.count = self.count + 1
        return input


def test_a_module_met_twice_keeps_what_both_calls_did():
    part = Counts()
    model = torch.nn.Sequential(part, torch.nn.Sequential(part))
    theirs = dict(model.named_buffers())
    torch.func.functional_call(model, theirs, torch.ones(1))
    tensors = tensors_of(model)
    functional_call(model, tensors, torch.ones(1))
    assert tensors["0.count"] is tensors["1.0.count"]
    assert tensors["0.count"].item() == theirs["0.count"].item() == 2
    assert part.count.item() == 0


def test_tensors_may_come_in_several_dicts():
    model = torch.nn.Linear(1, 1)
    one, two = {"weight": torch.ones(1, 1)}, {"bias": torch.ones(1)}
    for call in (functional_call, torch.func.functional_call):
        with torch.no_grad():
            assert call(model, (one, two), torch.ones(1)).item() == 2
        for wrong in ((one, one), [one, 3], 3):
            assert error_of(lambda c=call, w=wrong: c(model, w, 1)) is ValueError


def test_a_lazy_module_is_called_first():
    model = torch.nn.Sequential(torch.nn.LazyLinear(2))
    words = "no shape before the first call", "call the module once"
    assert error_of(lambda: tensors_of(model), *words) is ValueError
    model(torch.ones(1, 3))
    assert list(tensors_of(model)) == ["0.weight", "0.bias"]
