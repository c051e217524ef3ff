"""When a graph no longer fits, another is made; each is counted, with its reason."""

import pytest
import torch
import torch.nn.functional as F

from helpers import optim
from helpers.fast import compiled_step
from tests.fast.training import (
    FEATURES,
    assert_alike,
    conv_net,
    eager,
    images,
    mlp,
    plain_step,
    rows,
    twins,
)


def autoencoder():
    """A layer whose outputs have the form of its inputs."""
    return torch.nn.Linear(FEATURES, FEATURES)


@pytest.fixture
def pair():
    """A model with a step that has made its first graph, and its twin."""
    (model, optimizer), (twin, other) = twins(mlp, "SGD", lr=0.1, weight_decay=0.01)
    step = eager(model, F.cross_entropy, optimizer)
    step(*rows())
    plain_step(twin, F.cross_entropy, other, *rows())
    return model, optimizer, step, twin, other


def go_on(pair, count=3, **batch):
    """Both go on, and are alike."""
    model, _, step, twin, other = pair
    for seed in range(count):
        step(*rows(seed=seed, **batch))
        plain_step(twin, F.cross_entropy, other, *rows(seed=seed, **batch))
    assert_alike(model, twin)


def test_a_shorter_last_batch_makes_one_graph_more_in_all_epochs(pair):
    for _ in range(3):
        go_on(pair)
        model, _, step, twin, other = pair
        step(*rows(5))
        plain_step(twin, F.cross_entropy, other, *rows(5))
    assert step.compilations == 2
    assert step.reasons[1].startswith("batch: float64 (8, 5) on cpu became float64 (5")


def test_a_frozen_layer_stays_from_then_on(pair):
    for model in (pair[0], pair[3]):
        model[0].requires_grad_(False)
    before = pair[0][0].weight.clone()
    go_on(pair)
    assert torch.equal(pair[0][0].weight, before)
    assert "requiring grad became" in pair[2].reasons[1]


def test_a_replaced_layer_is_seen(pair):
    model, _, step, *_ = pair
    model[1] = torch.nn.Tanh()
    pair[3][1] = torch.nn.Tanh()
    go_on(pair)
    assert step.reasons[1] == "tensors, parts or hooks of modules were replaced"


def test_numbers_of_the_optimizer_change_without_a_graph(pair):
    for optimizer in (pair[1], pair[4]):
        optimizer.param_groups[0].update(lr=0.3, weight_decay=0.2)
    go_on(pair)
    assert pair[2].compilations == 1


def test_a_number_that_becomes_zero_makes_another_graph(pair):
    for optimizer in (pair[1], pair[4]):
        optimizer.param_groups[0]["weight_decay"] = 0.0
    go_on(pair)
    assert "became 0" in pair[2].reasons[1]


def test_an_option_that_is_no_number_makes_another_graph(pair):
    for optimizer in (pair[1], pair[4]):
        optimizer.param_groups[0]["maximize"] = True
    go_on(pair)
    assert pair[2].reasons[1] == "options of group 0 were {'maximize': False}"


def test_an_attribute_that_is_gone_is_seen(pair):
    model, _, step, *_ = pair
    model[0].note = "here"
    step.forget()
    step(*rows())
    del model[0].note
    step(*rows())
    assert step.reasons[-1] == "attributes of 0 were {'note': 'here'}"


def test_a_group_that_is_added_makes_another_graph(pair):
    model, optimizer, step, twin, other = pair
    for each, own in ((model, optimizer), (twin, other)):
        each.append(torch.nn.Linear(3, 3, dtype=torch.float64))
        torch.nn.init.eye_(each[3].weight)
        torch.nn.init.zeros_(each[3].bias)
        own.add_param_group({"params": each[3].parameters(), "lr": 0.5})
    go_on(pair)
    assert step.compilations == 2


def test_another_dtype_makes_another_graph(pair):
    for model in (pair[0], pair[3]):
        model.float()
    step, batch = pair[2], rows(dtype=torch.float32)
    step(*batch)
    plain_step(pair[3], F.cross_entropy, pair[4], *batch)
    assert_alike(pair[0], pair[3], 1e-6)
    assert "float64" in step.reasons[1] and "float32" in step.reasons[1]


def test_evaluating_and_training_take_turns_with_two_graphs():
    (model, optimizer), (twin, other) = twins(conv_net, "SGD", lr=0.1)
    step = eager(model, F.cross_entropy, optimizer)
    for turn in range(6):
        for each in (model, twin):
            each.train(turn % 2 == 0)
        torch.manual_seed(turn)
        step(*images(seed=turn))
        torch.manual_seed(turn)
        plain_step(twin, F.cross_entropy, other, *images(seed=turn))
    assert_alike(model, twin)
    assert step.compilations == 2 and "'training': True" in step.reasons[1]


def test_more_than_three_graphs_warn_and_say_why(pair, recwarn):
    step = pair[2]
    step(*rows(7))
    step(*rows(6))
    assert not [w for w in recwarn if issubclass(w.category, UserWarning)]
    with pytest.warns(UserWarning, match=r"graph number 4.*became .*drop_last") as seen:
        step(*rows(5))
    assert seen[0].filename == __file__
    assert step.compilations == 4 == len(step.reasons)


def test_one_tensor_given_twice_stands_for_two():
    """As an autoencoder is given it; later the targets are others."""
    (model, optimizer), (twin, other) = twins(autoencoder, "SGD", lr=0.1)
    step = compiled_step(model, F.mse_loss, optimizer, backend="aot_eager")
    inputs, targets = rows()[0], rows(seed=2)[0]
    for batch in (inputs, inputs), (inputs, targets), (targets, targets):
        step(*batch)
        plain_step(twin, F.mse_loss, other, *batch)
    assert_alike(model, twin)
    assert step.compilations == 1


def test_compiling_leaves_the_graph_as_it_was_captured():
    def backend(graph, examples):
        (output,) = graph.graph.find_nodes(op="output")
        graph.graph.erase_node(output)
        return graph.forward

    (model, optimizer), _ = twins(mlp, "SGD", lr=0.1)
    step = compiled_step(model, F.cross_entropy, optimizer, backend=backend)
    step(*rows())
    assert [node.op for node in step.graph.graph.nodes][-1] == "output"


def test_forget_makes_a_new_graph(pair):
    pair[2].forget()
    go_on(pair)
    assert pair[2].reasons[1] == "the first call"


def test_the_graph_can_be_read(pair):
    code = pair[2].graph.code
    assert "aten.addmm" in code and "aten.threshold_backward" in code
    assert code.count("aten.copy_") == 4  # two weights and two biases


def test_a_rate_given_as_a_tensor_is_read_anew():
    (model, _), (twin, other) = twins(mlp, "SGD", lr=0.1)
    optimizer = optim.SGD(model.parameters(), lr=torch.tensor(0.1))
    step = eager(model, F.cross_entropy, optimizer)
    for rate in (0.1, 0.2, 0.3):
        optimizer.param_groups[0]["lr"].fill_(rate)
        other.param_groups[0]["lr"] = rate
        step(*rows())
        plain_step(twin, F.cross_entropy, other, *rows())
    assert_alike(model, twin, 1e-6)
    assert step.compilations == 1
