"""The worked solutions of chapter 10 are right because runs say so."""

import copy

import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

from helpers.exercises.chapter_10 import e1_to_the_bit, e3_next_rows, e4_by_name
from helpers.exercises.chapter_10.e5_two_files import disk
from helpers.exercises.chapter_10.e5_two_files import exercise as e5_two_files

INPUTS = torch.randn(40, 4, generator=torch.Generator().manual_seed(1))
TARGETS = INPUTS.sum(1, keepdim=True)


class Run:
    """A small run that can be stopped anywhere: 5 steps an epoch."""

    def __init__(self, kind, dropout, seed=0):
        torch.manual_seed(seed)
        parts = [nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU()]
        parts += [nn.Dropout(0.3)] * dropout
        self.model = nn.Sequential(*parts, nn.Linear(8, 1))
        options = {"momentum": 0.9} if kind is torch.optim.SGD else {}
        self.optimizer = kind(self.model.parameters(), lr=0.01, **options)
        self.scheduler = LambdaLR(
            self.optimizer, lambda epoch: 1.0 if epoch < 4 else 0.1
        )
        self.generator = torch.Generator().manual_seed(seed)
        self.order, self.position, self.epoch = None, 0, 0

    def step(self, between=lambda run: None):
        """One step; an epoch begins before its first and ends after its last."""
        if self.order is None:
            self.order = torch.randperm(40, generator=self.generator)
        rows = self.order[self.position : self.position + 8]
        self.optimizer.zero_grad()
        (self.model(INPUTS[rows]) - TARGETS[rows]).square().mean().backward()
        between(self)
        self.optimizer.step()
        self.position += 8
        if self.position == 40:
            self.scheduler.step()
            self.order, self.position, self.epoch = None, 0, self.epoch + 1

    def to_the_end_of_the_next_epoch(self, of):
        while self.epoch < of + 2:
            self.step()
        return [p.detach().clone() for p in self.model.parameters()]


def resumed(run, kind, dropout, without):
    """Another run that gets all of `run` except some of it."""
    torch_state = torch.get_rng_state()
    new = Run(kind, dropout, seed=5)
    model = copy.deepcopy(run.model.state_dict())
    if "bn" in without:
        model |= {k: v for k, v in new.model.state_dict().items() if "running" in k}
    new.model.load_state_dict(model)
    optimizer = copy.deepcopy(run.optimizer.state_dict())
    for entry in optimizer["state"].values():
        for key in set(without) & set(entry):
            entry[key].zero_()
    new.optimizer.load_state_dict(optimizer)
    if "scheduler" not in without:
        new.scheduler.load_state_dict(run.scheduler.state_dict())
    if "shuffling" not in without:
        new.generator.set_state(run.generator.get_state())
    if "order" not in without:
        new.order, new.position = run.order, run.position
    new.epoch = run.epoch
    if "global" not in without:
        torch.set_rng_state(torch_state)
    return new


ADAM, SGD = torch.optim.Adam, torch.optim.SGD
CASES = {  # optimizer, dropout, steps before the stop, what is forgotten
    "a": (ADAM, True, 7, ["bn"]),
    "b": (ADAM, True, 7, ["step"]),
    "c": (ADAM, True, 10, ["order"]),
    "d": (ADAM, True, 10, ["shuffling"]),
    "e": (ADAM, False, 7, ["global"]),
    "f": (ADAM, True, 7, ["scheduler"]),
    "g": (SGD, True, 7, ["momentum_buffer"]),
}


@pytest.mark.parametrize("name", CASES)
def test_to_the_bit_is_what_runs_do(name):
    kind, dropout, steps, without = CASES[name]
    run = Run(kind, dropout)
    for _ in range(steps):
        run.step()
    epoch, state = run.epoch, torch.get_rng_state()
    new = resumed(run, kind, dropout, without)
    theirs = new.to_the_end_of_the_next_epoch(epoch)
    torch.set_rng_state(state)
    ours = run.to_the_end_of_the_next_epoch(epoch)
    same = all(map(torch.equal, ours, theirs))
    assert same == e1_to_the_bit.SAME[name]


def test_a_run_that_gets_all_goes_on_to_the_bit():
    run = Run(ADAM, True)
    for _ in range(7):
        run.step()
    state = torch.get_rng_state()
    theirs = resumed(run, ADAM, True, []).to_the_end_of_the_next_epoch(run.epoch)
    torch.set_rng_state(state)
    ours = run.to_the_end_of_the_next_epoch(run.epoch)
    assert all(map(torch.equal, ours, theirs))


def test_a_gradient_that_waits_for_its_step_is_lost():
    """Case h: the run is stopped between backward and step."""
    seen = []

    def stop(run):
        if not seen:
            seen.append(resumed(run, ADAM, True, []))

    run = Run(ADAM, True)
    run.step(between=stop)
    new = seen[0]
    new.position += 8
    while new.epoch < 1:
        new.step()
    while run.epoch < 1:
        run.step()
    pairs = zip(run.model.parameters(), new.model.parameters(), strict=True)
    assert all(torch.equal(p, q) for p, q in pairs) == e1_to_the_bit.SAME["h"]


@pytest.mark.parametrize("count, size", [(10, 4), (12, 4), (7, 7), (5, 9)])
def test_rows_are_those_of_a_walk(count, size):
    walked = []
    for epoch in range(4):
        generator = torch.Generator().manual_seed(6 + epoch)
        walked += torch.randperm(count, generator=generator).split(size)
    for done, rows in enumerate(walked):
        assert torch.equal(e3_next_rows.next_rows(done, count, size, 6), rows)


def test_state_by_name_is_what_each_parameter_had():
    names = [["c", "b", "a"], ["d", "e"]]
    found = e4_by_name._loaded(e4_by_name.by_name, e4_by_name._saved(), names)
    gradients = {name: 10.0 * (1 + "abcde".index(name)) for name in "abcd"}
    means = {name: pytest.approx(0.1 * g) for name, g in gradients.items()}
    assert found["means"] == means | {"e": None}


def test_a_power_cut_leaves_the_old_pair_or_the_new_one():
    found = e5_two_files._after(e5_two_files.EXERCISE.solution, 7, b"w", b"s")
    assert found["a power cut may leave"] == []


def test_a_disk_forgets_what_is_not_flushed():
    files = disk.Disk({"latest": b"1"})
    files.write("new", b"text")
    assert {"latest": b"1"} in files.left()
    assert {"latest": b"1", "new": disk.PIECE} in files.left()
    files.flush("new")
    files.flush_folder()
    assert list(files.left()) == [{"latest": b"1", "new": b"text"}]
    files.rename("new", "latest")
    assert {"latest": b"text"} in files.left()
    assert {"latest": b"1", "new": b"text"} in files.left()
    assert len(list(files.left())) == 2
    with pytest.raises(FileNotFoundError):
        files.remove("nobody")


def test_contents_wait_until_they_are_flushed():
    files = disk.Disk({})
    files.write("latest", b"1")
    files.flush_folder()
    assert disk.faults(next(files.left()), {}) == ["latest is a piece"]
