"""The loop doctor: what it leaves as it was."""

import contextlib
import io
import os
import sys
import warnings
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils import data
from torch.utils.data import dataloader

from helpers.loop import doctor
from helpers.loop.doctor import session
from tests.loop.doctor_scripts import BROKEN, GROUPS, HEALTHY, key_of, keys_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_watch_is_left():
    """Each test ends without a watch."""
    yield
    doctor.stop()


def test_every_script_of_the_exam_is_examined():
    named = [key for group in GROUPS for key in keys_of(group)]
    assert named == list(doctor.KEYS)
    assert {key_of(script) for script in BROKEN} == set(named)
    files = {path.name for path in Path(__file__).parent.glob("test_doctor_on_*.py")}
    assert files >= {f"test_doctor_on_{group}.py" for group in GROUPS}
    assert len(HEALTHY) >= 40


def watched_names():
    """Every attribute that a watch may replace, by owner and name."""
    owners = [
        warnings,
        torch.autograd,
        torch.optim.Optimizer,
        nn.Module,
        nn.utils,
        nn.utils.clip_grad,
        torch.amp.GradScaler,
        data.DataLoader,
        dataloader._BaseDataLoaderIter,
        *(thing for thing in vars(lr_scheduler).values() if isinstance(thing, type)),
    ]
    return {
        (owner, name): value for owner in owners for name, value in vars(owner).items()
    }


def hooks():
    """How many global hooks there are."""
    module, optimizer = nn.modules.module, torch.optim.Optimizer.__module__
    optimizer = sys.modules[optimizer]
    return (
        len(module._global_forward_pre_hooks),
        len(module._global_forward_hooks),
        len(optimizer._global_optimizer_pre_hooks),
        len(optimizer._global_optimizer_post_hooks),
        len(torch.overrides._get_current_function_mode_stack()),
    )


def test_stop_restores_every_name_and_hook():
    names, count = watched_names(), hooks()
    doctor.watch()
    during = watched_names()
    assert sum(during[key] is not value for key, value in names.items()) > 20
    assert hooks() != count
    doctor.stop()
    after = watched_names()
    assert [key for key in names if after[key] is not names[key]] == []
    assert after.keys() == names.keys()
    assert hooks() == count


def trained():
    """The parameters after a short run with dropout, norms and a scheduler."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(), nn.Linear(8, 2)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    scheduler = lr_scheduler.StepLR(optimizer, 2)
    samples = data.TensorDataset(torch.randn(40, 4), torch.randint(2, (40,)))
    for _ in range(4):
        model.train()
        for x, y in data.DataLoader(samples, batch_size=8, shuffle=True):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        scheduler.step()
        model.eval()
    return list(model.state_dict().values())


def test_a_watched_run_has_equal_results_to_the_bit():
    alone = trained()
    doctor.watch()
    watched = trained()
    assert all(torch.equal(a, b) for a, b in zip(alone, watched, strict=True))
    with contextlib.redirect_stdout(io.StringIO()) as output:
        assert doctor.report() == []
    assert output.getvalue() == (
        "Loop doctor: nothing wrong was seen in 20 steps of Adam.\n"
    )


def test_report_needs_a_watch(monkeypatch):
    monkeypatch.setattr(session, "_watch", None)
    with pytest.raises(RuntimeError, match=r"doctor\.watch\(\)"):
        doctor.report()


def test_a_finding_has_a_known_key():
    with pytest.raises(ValueError, match="key='no-such-key'"):
        doctor.Finding("no-such-key", "", "", "", None, 1.0)


def test_a_loader_gets_its_function_back():
    def init(worker):
        """The user's own."""

    data = torch.utils.data.TensorDataset(torch.ones(4, 1))
    loader = torch.utils.data.DataLoader(data, num_workers=1, worker_init_fn=init)
    doctor.watch()
    iterator = iter(loader)
    seeds = loader.worker_init_fn
    assert seeds is not init
    next(iterator)
    doctor.stop()
    assert loader.worker_init_fn is init
    assert not os.path.exists(seeds.file)
    assert [fields[0] for fields in seeds.read()] == ["0"]
