"""The harness counts and divides rightly; candidates of a benchmark do equal work."""

import pytest

from benchmarks import live_figure, scalar
from benchmarks.__main__ import main
from benchmarks.catalogue import BENCHMARKS, Benchmark, chosen, run
from benchmarks.harness import Result, interleaved


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


def test_a_run_is_headed_by_name_and_title():
    text = run("trivial", Benchmark("nothing at all", lambda: {"a": int}, rounds=1))
    assert text.splitlines()[0] == "trivial: nothing at all"
    assert text.splitlines()[1].startswith("a ")


def test_benchmarks_are_chosen_by_the_beginning_of_their_names():
    assert list(chosen("live")) == ["live-figure"]
    assert chosen() == BENCHMARKS


def test_the_command_lists_the_names(capsys):
    assert main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(
        BENCHMARKS
    )


def test_the_command_refuses_an_unknown_name_in_words(capsys):
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "no benchmark begins with 'nothing'; there are:" in capsys.readouterr().err


def test_the_command_measures_and_prints(capsys, monkeypatch):
    trivial = Benchmark("nothing at all", lambda: {"a": int, "b": int}, rounds=1)
    monkeypatch.setitem(BENCHMARKS, "trivial", trivial)
    assert main(["trivial"]) == 0
    assert "trivial: nothing at all\na " in capsys.readouterr().out
