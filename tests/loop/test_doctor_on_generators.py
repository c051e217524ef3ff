"""The loop doctor tells who samples a generator from who scores a model."""

from pathlib import Path

from tests.loop.doctor_scripts import examine_source

PRELUDE = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
x = torch.randn(64, 4)
data = DataLoader(TensorDataset(x), batch_size=16, shuffle=True)
held_out = DataLoader(TensorDataset(x[:32]), batch_size=16)

def normed(width):
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(),
                         nn.Linear(8, width))

def adam(*models):
    return torch.optim.Adam([p for m in models for p in m.parameters()], lr=1e-3)
"""
GAN = """
G, D = normed(4), nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
for_g, for_d = adam(G), adam(D)
bce = nn.functional.binary_cross_entropy_with_logits
for epoch in range(2):
    for (real,) in data:
        fake = G(torch.randn(16, 4))
        for_d.zero_grad()
        loss = bce(D(real), torch.ones(16, 1))
        loss = loss + bce(D(fake.detach()), torch.zeros(16, 1))
        loss.backward()
        for_d.step()
        for_g.zero_grad()
        bce(D(fake), torch.ones(16, 1)).backward()
        for_g.step()
"""
TWO_PARTS = """
first, second = normed(4), nn.Linear(4, 4)
optimizers = {optimizers}
for epoch in range(2):
    for (batch,) in data:
        for optimizer in optimizers:
            optimizer.zero_grad()
        nn.functional.mse_loss(second(first(batch)), batch).backward()
        for optimizer in optimizers:
            optimizer.step()
"""
FEATURES = """
with torch.no_grad():
    features = torch.cat([first(batch) for (batch,) in held_out])
"""


def keys(source):
    """The keys that a loop gets, after the prelude."""
    return [found.key for found in examine_source(PRELUDE + source, Path("parts.py"))]


def test_samples_of_a_generator_are_no_evaluation():
    once = "with torch.no_grad():\n    G(torch.randn(16, 4))\n"
    each_epoch = "    with torch.no_grad():\n        G(torch.randn(16, 4))\n"
    assert keys(GAN + once) == []
    assert keys(GAN + each_epoch) == []


def test_samples_for_the_rivals_turn_are_no_evaluation():
    in_turn = GAN.replace(
        "        fake = G(torch.randn(16, 4))\n",
        "        with torch.no_grad():\n            early = G(torch.randn(16, 4))\n"
        "        fake = G(torch.randn(16, 4))\n",
    ).replace("fake.detach()", "early")
    assert "early)" in in_turn
    assert keys(in_turn) == []


def test_generator_that_is_scored_on_held_out_examples_is_evaluated():
    scored = """
with torch.no_grad():
    wrong = sum((G(batch) - batch).abs().mean().item() for (batch,) in held_out)
"""
    assert keys(GAN + scored) == ["train-mode-eval"]
    assert keys(GAN + "G.eval()\n" + scored) == []


def test_first_part_of_a_model_is_evaluated_without_the_second():
    together = TWO_PARTS.format(optimizers="[adam(first, second)]")
    apart = TWO_PARTS.format(optimizers="[adam(first), adam(second)]")
    assert keys(together + FEATURES) == ["train-mode-eval"]
    assert keys(apart + FEATURES) == ["train-mode-eval"]
    assert keys(together + "first.eval()\n" + FEATURES) == []


def test_part_without_a_rival_is_evaluated_without_a_loader_too():
    plain = "with torch.no_grad():\n    first(x)\n    first(x)\n"
    for optimizers in ("[adam(first, second)]", "[adam(first), adam(second)]"):
        assert keys(TWO_PARTS.format(optimizers=optimizers) + plain) == [
            "train-mode-eval"
        ]


def test_second_part_that_learns_alone_too_is_no_rival():
    turn = """        optimizer.zero_grad()
        second(torch.randn(16, 4)).square().mean().backward()
        optimizer.step()
"""
    source = TWO_PARTS.format(optimizers="[adam(first, second)]")
    plain = "with torch.no_grad():\n    first(x)\n    first(x)\n"
    assert "train-mode-eval" in keys(source + turn + plain)


def test_model_under_a_fixed_judge_is_evaluated():
    frozen = TWO_PARTS.format(optimizers="[adam(first)]").replace(
        "optimizers =", "second.requires_grad_(False)\noptimizers ="
    )
    assert keys(frozen + FEATURES) == ["train-mode-eval"]


def test_judge_that_is_watched_too_makes_it_an_evaluation():
    watched = "with torch.no_grad():\n    D(G(torch.randn(16, 4)))\n"
    assert keys(GAN + watched) == ["train-mode-eval"]
