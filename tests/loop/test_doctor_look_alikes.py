"""Two loops that look alike to the loop doctor, of which one is healthy."""

import pytest

from tests.loop.doctor_scripts import examine

PRELUDE = """
import torch
from torch import nn
torch.manual_seed(0)
x, y = torch.randn(32, 4), torch.randint(3, (32,))
model = nn.Linear(4, 3)
criterion = nn.CrossEntropyLoss()
"""


@pytest.fixture
def keys(tmp_path):
    """The keys that a loop gets, after the prelude; rules read its file too."""

    def examined(source):
        script = tmp_path / f"loop_{len(list(tmp_path.iterdir()))}.py"
        script.write_text(PRELUDE + source)
        return [each.key for each in examine(script)]

    return examined


UPDATE = """
for _ in range(6):
    model.zero_grad()
    criterion(model(x), y).backward()
    with torch.no_grad():
        for p in model.parameters():
            {update}
"""


def test_an_update_that_only_gives_a_name_away_is_told_from_one_in_place(keys):
    assert keys(UPDATE.format(update="p = p - 0.1 * p.grad")) == [
        "manual-update-rebinds"
    ]
    assert keys(UPDATE.format(update="p -= 0.1 * p.grad")) == []
    assert keys(UPDATE.format(update="p.data = p.data - 0.1 * p.grad")) == []


def test_an_attack_may_give_its_input_a_new_meaning(keys):
    attack = """
kept, adversarial = [], x
for _ in range(6):
    adversarial = adversarial.detach().requires_grad_()
    model.zero_grad()
    criterion(model(adversarial), y).backward()
    kept.append(adversarial)
    adversarial = adversarial + 0.1 * adversarial.grad.sign()
"""
    assert keys(attack) == []


TWO_VIEWS = """
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for _ in range(6):
    optimizer.zero_grad()
    first, second = model(x), model(x + 0.1)
    {detach}
    nn.functional.mse_loss(first, second).backward()
    optimizer.step()
"""


def test_a_detached_tensor_that_is_dropped_is_told_from_one_that_is_kept(keys):
    assert keys(TWO_VIEWS.format(detach="second.detach()")) == ["detach-missing"]
    assert keys(TWO_VIEWS.format(detach="second = second.detach()")) == []
    assert keys(TWO_VIEWS.format(detach="shown = second.detach()")) == []


TWO_MODELS = """
head = nn.Linear(3, 3)
one = torch.optim.Adam(model.parameters())
two = torch.optim.Adam({second}.parameters())
for _ in range(6):
    one.zero_grad()
    two.zero_grad()
    criterion(head(model(x)), y).backward()
    one.step()
    two.step()
"""


def test_one_model_in_two_optimizers_is_told_from_one_in_each(keys):
    assert keys(TWO_MODELS.format(second="model")) == ["optimizer-wrong-params"]
    assert keys(TWO_MODELS.format(second="head")) == []


AVERAGE = """
import copy
model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))
teacher = copy.deepcopy(model).requires_grad_(False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for _ in range(8):
    optimizer.zero_grad()
    both = nn.functional.mse_loss(model(x), teacher(x))
    both.backward()
    optimizer.step()
    with torch.no_grad():
        for mean, p in zip(teacher.parameters(), model.parameters()):
            {follow}
"""


def test_norms_of_an_average_are_told_from_frozen_ones(keys):
    assert keys(AVERAGE.format(follow="mean.lerp_(p, 0.1)")) == []
    assert "frozen-but-moving" in keys(AVERAGE.format(follow="pass"))


MEAN = """
from torch.utils.data import DataLoader, TensorDataset
data = {data}
loader = DataLoader(TensorDataset(x, y), batch_size=8, shuffle=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for _ in range(3):
    total = 0.0
    for a, b in {batches}:
        optimizer.zero_grad()
        loss = criterion(model(a), b)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(total / len(data))
"""


def test_a_mean_over_batches_is_told_from_one_over_samples(keys):
    batches = "DataLoader(TensorDataset(x, y), batch_size=8, shuffle=True)"
    assert keys(MEAN.format(data=batches, batches="data")) == []
    samples = "TensorDataset(x, y)"
    assert keys(MEAN.format(data=samples, batches="loader")) == ["metric-averaging"]


BEST = """
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(3):
    for _ in range(3):
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
    best = {keep}(model.state_dict())
model.load_state_dict(best)
"""


def test_best_weights_that_happen_to_be_the_last_are_no_copy_either(keys):
    assert keys(BEST.format(keep="")) == ["alias-not-copy"]
    copied = "import copy\n" + BEST
    assert keys(copied.format(keep="copy.deepcopy")) == []
