"""The harness counts and divides rightly; candidates of a benchmark do equal work."""

import re
from pathlib import Path

import pytest
import torch

from benchmarks import (
    compiled,
    engine,
    live_figure,
    memory,
    peers,
    scalar,
)
from benchmarks.catalogue import BENCHMARKS, chosen
from benchmarks.harness import SLOW_ROUNDS, Result, interleaved
from benchmarks.kinds import Benchmark
from benchmarks.running import run, trouble_in


def test_every_candidate_runs_once_unmeasured_and_then_in_each_round():
    calls = []
    candidates = {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}
    result = interleaved(candidates, rounds=3)
    assert "".join(calls) == "ab" + "ab" + "ba" + "ab"
    assert [len(times) for times in result.seconds.values()] == [3, 3]


def test_ratios_are_medians_over_the_rounds():
    seconds = {"torch": [1.0, 2.0, 4.0], "ours": [2.0, 1.0, 8.0]}
    result = Result(seconds, reference="torch")
    assert result.ratio("ours") == 2.0
    assert result.ratio("torch") == 1.0


def test_the_table_has_a_line_for_each_candidate():
    table = Result({"torch": [0.5], "ours, quicker": [1.5e-5]}, "torch").table()
    assert table.splitlines() == [
        "torch          500 ms   1.00",
        "ours, quicker  15.0 us  0.000",
    ]


def test_another_reference_can_be_named():
    result = interleaved({"a": int, "b": int}, rounds=1, reference="b")
    assert result.reference == "b"


@pytest.mark.parametrize(
    ("options", "message"),
    [({"rounds": 0}, "rounds = 0"), ({"reference": "c"}, "'c' is no candidate")],
)
def test_what_cannot_be_measured_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        interleaved({"a": int}, **options)


@pytest.mark.parametrize("make", [scalar.chain, scalar.moons_step])
def test_torch_and_value_compute_the_same(make):
    candidates = make()
    for _ in range(2):
        expected = candidates["torch"]()
        assert candidates["Value"]() == pytest.approx(expected, rel=1e-9)


def test_the_chain_has_a_thousand_operations_whose_gradient_does_not_vanish():
    from helpers.autograd.scalar import Value

    made = []
    original = Value.__init__

    def counting(self, *arguments, **options):
        made.append(self)
        original(self, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Value, "__init__", counting)
        gradient = scalar.chain()["Value"]()
    assert len(made) == 1 + scalar.LENGTH
    assert abs(gradient) > 1e-12


def test_every_redraw_gives_a_new_picture():
    for redraw in live_figure.redraws().values():
        one, other = redraw(), redraw()
        assert one[:4] == other[:4] == b"\x89PNG"
        assert one != other


def test_benchmarks_are_chosen_by_the_beginning_of_their_names():
    assert list(chosen("live")) == ["live-figure"]
    assert list(chosen("live", "scalar-c")) == ["scalar-chain", "live-figure"]
    assert list(chosen()) == [name for name in BENCHMARKS if name != "course"]
    assert list(chosen("cour")) == ["course"]


def test_a_block_is_several_runs_timed_as_one():
    calls = []
    candidates = {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}
    result = interleaved(candidates, rounds=3, block=2, slow=("b",))
    assert "".join(calls) == "ab" + "aab" + "baa" + "aa"
    assert [len(times) for times in result.seconds.values()] == [3, SLOW_ROUNDS]


def test_the_table_can_tell_the_time_of_one_operation():
    table = Result({"torch": [0.005], "ours": [0.004]}, "torch").table(operations=1000)
    assert table.splitlines() == [
        "torch  5.00 ms  1.00    5.00 us each",
        "ours   4.00 ms  0.80    4.00 us each",
    ]


ENGINE = {
    "chain": engine.mul_chain,
    "mixed chain": engine.mixed_chain,
    "mlp": engine.mlp_step,
    "moons": engine.moons_step,
    "compiled mlp": compiled.mlp_step,
    "compiled moons": compiled.moons_step,
}
OURS = ["ours", "ours, fused", "ours, compiled step", "torch, fused"]


def two_values(candidate):
    """What a candidate returns at its first and at its second step."""
    return [candidate(), candidate()]


@pytest.mark.filterwarnings("ignore:.torch.jit")  # the compiler's own
@pytest.mark.parametrize("work", ENGINE)
def test_ours_computes_what_torch_does(work):
    candidates = ENGINE[work]()
    expected = two_values(candidates["torch"])
    others = [name for name in OURS if name in candidates]
    assert others
    for name in others:
        assert two_values(candidates[name]) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("work", [name for name in ENGINE if "compiled" not in name])
@pytest.mark.parametrize("name", peers.PEERS)
def test_a_peer_computes_what_torch_does(work, name):
    candidates = ENGINE[work]()
    if isinstance(candidates[name], str):
        pytest.skip(f"{name}: {candidates[name]}")
    if trouble := trouble_in(ENGINE[work]()[name]):
        pytest.skip(f"{name}: {trouble}")
    expected = two_values(candidates["torch"])
    assert two_values(candidates[name]) == pytest.approx(expected, rel=1e-4)


def test_the_steps_learn():
    candidate = engine.moons_step()["ours"]
    losses = [candidate() for _ in range(20)]
    assert losses[-1] < 0.8 * losses[0]


def test_a_peer_that_is_missing_says_how_to_install_it():
    missing = peers.Peer("no_such_package_here", "with_nothing")
    said = peers.candidate(missing, "chain", None)
    assert said == "not installed (pip install -r benchmarks/requirements.txt)"


def test_a_peer_that_fails_to_import_is_reported():
    broken = peers.Peer("benchmarks", "with_nothing")
    said = peers.candidate(broken, "chain", None)
    assert said.startswith("raised ModuleNotFoundError: No module named")


def test_every_peer_stands_in_the_requirements():
    text = (Path(peers.__file__).parents[1] / "requirements.txt").read_text("utf-8")
    listed = {
        re.split("[>=]", line)[0] for line in text.splitlines() if line[:1] != "#"
    }
    assert listed == {peer.package for peer in peers.PEERS.values()}


def test_threads_are_set_for_a_run_only():
    seen, before = [], torch.get_num_threads()
    candidates = {"a": lambda: seen.append(torch.get_num_threads())}
    run("some", Benchmark("one", lambda: candidates, rounds=1, threads=1))
    assert set(seen) == {1} and torch.get_num_threads() == before


def test_ours_saves_no_more_than_torch():
    saved = memory.saved_bytes()
    assert 0 < saved["ours"] <= saved["torch"]


def test_of_saved_arrays_each_memory_counts_once_and_parameters_do_not():
    row, parameter = torch.zeros(3), torch.zeros(5)
    assert memory.count([row, row[1:], parameter], [parameter]) == 12
