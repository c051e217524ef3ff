"""A team: functions of a notebook on processes of their own, and what goes wrong."""

import linecache
import os
import types

import pytest
import torch
import torch.distributed as dist

from helpers.parallel import ParallelError, Team, process_group, start
from helpers.parallel.sent_source import received, sent

IMPORTS = """
import os
import torch
import torch.distributed as dist
from helpers.data import digits
"""
CELL = """
factor = 3
printed = print("only when the cell runs")


def times(x):
    return factor * x


class Base:
    def rank_of(self, here):
        return here.rank


class Named(Base):
    def of(self, here):
        return times(self.rank_of(here)), here.size, str(here.device)


def again(n):
    return n and again(n - 1)


def who(here, function=None):
    total = torch.ones(2) * (1 + here.rank)
    dist.all_reduce(total)
    extra = function(4) if function else None
    return *Named().of(here), total, again(3), len(digits()), extra


def own_process(here):
    return os.getpid()


def fail_on_1(here):
    if here.rank == 1:
        raise KeyError("mine")
    dist.barrier()


def end_on_1(here):
    if here.rank == 1:
        os._exit(3)
    dist.all_reduce(torch.ones(2))


def unsent(here):
    return opened
"""


@pytest.fixture(scope="module")
def notebook():
    """What cells define, as a kernel makes them: in the module `__main__`."""
    names = {"__name__": "__main__"}
    for number, source in enumerate((IMPORTS, CELL)):
        name = f"<team cell {number}>"
        lines = source.splitlines(keepends=True)
        linecache.cache[name] = (len(source), None, lines, name)
        exec(compile(source, name, "exec"), names)
    return types.SimpleNamespace(names=names, **{n: names[n] for n in dir_of(names)})


def dir_of(names):
    """The names of functions and classes."""
    return [name for name, each in names.items() if hasattr(each, "__name__")]


@pytest.fixture(scope="module")
def team():
    team = Team(2)
    yield team
    team.close()


def test_each_rank_runs_the_function_with_all_that_it_names(team, notebook):
    for size, times in ((2, [0, 3]), (1, [0])):
        found = team.run(notebook.who, notebook.times, size=size)
        total = torch.full((2,), sum(range(size + 1)), dtype=torch.float32)
        for each, expected in zip(found, times, strict=True):
            first, ranks, device, sums, zero, parts, extra = each
            assert (first, ranks, device, zero) == (expected, size, "cpu", 0)
            assert torch.equal(sums, total)
            assert (parts, extra) == (4, 12)


def test_values_are_those_of_now(team, notebook):
    notebook.names["factor"] = 5
    assert [each[0] for each in team.run(notebook.who)] == [0, 5]
    notebook.names["factor"] = 3


def test_processes_are_their_own_and_stay(team, notebook):
    """Also when a rank has nothing to send, and so could leave before others join."""
    pids = team.run(notebook.own_process)
    assert len({*pids, os.getpid()}) == 3
    for _ in range(10):
        assert team.run(notebook.own_process) == pids


def test_what_a_rank_raises_comes_before_what_others_wait_for(team, notebook):
    with pytest.raises(ParallelError) as error:
        team.run(notebook.fail_on_1)
    assert str(error.value).splitlines()[0] == "KeyError on rank 1: 'mine'"
    assert len(team.run(notebook.who)) == 2


def test_a_rank_that_ends_is_told_and_replaced(team, notebook):
    before = team.run(notebook.own_process)
    with pytest.raises(ParallelError, match="^rank 1 was killed, or ended by itself"):
        team.run(notebook.end_on_1)
    after = team.run(notebook.own_process)
    assert not set(after) & set(before)


def test_what_takes_too_long_is_told(team, notebook, monkeypatch):
    monkeypatch.setattr("helpers.parallel.team.LIMIT", 0.0)
    with pytest.raises(ParallelError, match="rank 0 did not end within 0 s"):
        team.run(notebook.who)


def test_no_process_outlives_a_team(notebook):
    team = Team(1)
    team.run(notebook.own_process)
    process = team.members[0].process
    team.close()
    assert not process.is_alive() and team.members[0].process is None


def test_what_can_not_be_sent_is_named(notebook):
    with open(__file__) as file:
        notebook.names["opened"] = file
        with pytest.raises(TypeError, match="opened can't be sent to another process"):
            sent(notebook.unsent)
    lambdas = types.FunctionType(compile("0", "<x>", "eval"), {"__name__": "__main__"})
    with pytest.raises(TypeError, match="allowed are functions and classes written at"):
        sent(lambdas)


def test_importable_functions_and_values_come_as_they_are():
    assert received(sent(max)) is max
    assert received(sent(start)) is start
    assert received(sent([1, 2])) == [1, 2]


def test_the_device_that_start_is_given_is_where_collectives_look(monkeypatch):
    """Also where an accelerator is there whose backend is gloo as well."""
    devices = [torch.device("cpu"), torch.device("mps")]
    monkeypatch.setattr(process_group, "available_devices", lambda: devices)
    with start(device="cpu") as here:
        assert here.device == process_group.group_device() == torch.device("cpu")
        assert dist.get_backend() == "gloo"


def test_a_team_has_members():
    with pytest.raises(ValueError, match="size = 0; allowed is 1 or more"):
        Team(0)
