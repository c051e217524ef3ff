"""What the command of the benchmarks prints and writes; how it says what must hold."""

import subprocess
from datetime import date

import pytest
import torch

import helpers
from benchmarks import course, running
from benchmarks.__main__ import main
from benchmarks.catalogue import BENCHMARKS
from benchmarks.chart import chart
from benchmarks.harness import Result
from benchmarks.kinds import Benchmark, Count, Mark
from benchmarks.machine import processor
from benchmarks.running import run


def test_a_run_is_headed_by_name_and_title():
    text = run(
        "trivial", Benchmark("nothing at all", lambda: {"a": int}, rounds=1)
    ).text
    assert text.splitlines()[0] == "trivial: nothing at all"
    assert text.splitlines()[1].startswith("a ")


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


def test_the_head_names_the_machine_and_the_tree(capsys, monkeypatch):
    """A folder of that name elsewhere may come first: the one that ran is named."""
    monkeypatch.setitem(BENCHMARKS, "trivial", Benchmark("none", lambda: {"a": int}))
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX9")
    monkeypatch.setattr(helpers, "__file__", "/elsewhere/helpers/__init__.py")
    main(["trivial"])
    first, second, third, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{processor()}, AVX9, ")
    assert second == "measured: /elsewhere/helpers"
    assert third.startswith(f"{date.today()}, Python 3.") and "numpy" in third


def test_what_is_absent_or_raises_is_a_line_below_the_table():
    def broken():
        raise RuntimeError("no such device\nand more")

    candidates = {"a": int, "b": "not installed", "c": broken}
    benchmark = Benchmark("three", lambda: candidates, 1, marks=(Mark("c", 1.0, 0.5),))
    lines = run("some", benchmark).text.splitlines()
    assert lines[2:] == [
        "b: not installed",
        "c: raised RuntimeError: no such device",
        "c: not measured; must be <= 1.0, goal <= 0.5",
    ]


def test_what_the_reference_raises_is_raised():
    def broken():
        raise RuntimeError("no such device")

    with pytest.raises(RuntimeError, match="no such device"):
        run("some", Benchmark("one", lambda: {"a": broken}))


def test_the_chart_has_a_bar_for_each_candidate_and_both_marks(tmp_path):
    results = {"engine-mlp": Result({"torch": [1.0], "ours": [0.5]}, "torch")}
    marked = {"engine-mlp": Benchmark("a step", dict, marks=(Mark("ours", 0.8, 0.6),))}
    figure = chart(results, marked)
    (axes,) = figure.axes
    assert [bar.get_width() for bar in axes.patches] == [1.0, 0.5]
    drawn = [lines.get_segments()[0][0][0] for lines in axes.collections]
    assert drawn == [0.8, 0.6] and axes.get_xscale() == "log"


def test_the_command_writes_a_chart(tmp_path, monkeypatch):
    trivial = Benchmark("nothing at all", lambda: {"a": int, "b": int}, rounds=1)
    monkeypatch.setitem(BENCHMARKS, "trivial", trivial)
    assert main(["trivial", "--chart", str(tmp_path / "ratios.png")]) == 0
    assert (tmp_path / "ratios.png").read_bytes()[:4] == b"\x89PNG"


def test_a_ratio_to_another_candidate_has_a_mark_too():
    seconds = {"torch": [1.0], "ours": [0.3], "JAX": [0.5]}
    mark = Mark("ours", 0.8, 0.4, "JAX")
    (verdict,) = timed("x: y", Benchmark("y", dict, marks=(mark,)), seconds).verdicts
    assert str(verdict) == (
        "ours / JAX: 0.60; must be <= 0.8 (holds), goal <= 0.4 (missed)"
    )


def timed(heading, benchmark, seconds):
    """The report of a benchmark whose candidates took so long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "interleaved", lambda *_, **__: Result(seconds, "torch"))
        return running.timed(heading, benchmark, {}, {})


def test_a_count_has_marks_as_ratios_or_in_its_unit():
    numbers = {"torch": 200, "ours": 100}
    marks = Mark("ours", 0.4, 0.5), Mark("ours", 90, 100, unit=" s")
    report = run("some", Count("two", lambda: numbers, "s", marks))
    assert report.text.splitlines()[-2:] == [
        "ours: 0.50; must be <= 0.4 (DOES NOT HOLD), goal <= 0.5 (reached)",
        "ours: 100 s; must be <= 90 s (DOES NOT HOLD), goal <= 100 s (reached)",
    ]


def test_without_a_gpu_its_benchmarks_say_so(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    report = run("gpu-moons", BENCHMARKS["gpu-moons"])
    assert report.notes == ("not measured: CUDA finds no GPU here",)
    assert str(report.verdicts[0]).startswith("ours, compiled step: not measured; must")


QUICKLY_MADE = "engine", "fast", "lbfgs"


def test_every_must_has_a_candidate():
    for name, benchmark in BENCHMARKS.items():
        if isinstance(benchmark, Benchmark) and name.startswith(QUICKLY_MADE):
            named = {each for m in benchmark.marks for each in (m.name, m.than) if each}
            assert named <= benchmark.candidates().keys(), name


def test_a_report_and_charts_are_written(tmp_path, monkeypatch, capsys):
    both = Benchmark("two", lambda: {"a": int, "b": int}, marks=(Mark("b", 1e9, 0.0),))
    monkeypatch.setitem(BENCHMARKS, "trivial-one", both)
    monkeypatch.setitem(BENCHMARKS, "trivial-two", Count("one", lambda: {"c": 7}))
    assert main(["trivial", "--out", str(tmp_path / "out")]) == 0
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "| trivial-one | b | " in text and "| <= 1000000000.0 | holds |" in text
    assert "### trivial-two: one" in text and "c  7 bytes" in text
    assert torch.__version__ in text and torch.backends.cpu.get_cpu_capability() in text
    assert f"![trivial.png]({'trivial.png'})" in text
    assert (tmp_path / "out" / "trivial.png").read_bytes()[:4] == b"\x89PNG"
    assert "| trivial-one | b | " in capsys.readouterr().out


def test_a_small_run_times_each_once_and_has_nothing_to_reach(monkeypatch, capsys):
    calls = []
    candidates = {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}
    marked = Benchmark("two", lambda: candidates, 9, 5, marks=(Mark("b", 0.0, 0.0),))
    monkeypatch.setitem(BENCHMARKS, "trivial", marked)
    assert main(["trivial", "--small"]) == 0
    assert "".join(calls) == "b" + "ab" + "ab"
    assert "must" not in capsys.readouterr().out


def test_a_small_run_of_all_leaves_out_the_long_ones(monkeypatch, capsys):
    long = Count("one", lambda: {"c": 7}, takes_long=True)
    for name in list(BENCHMARKS):
        monkeypatch.delitem(BENCHMARKS, name)
    monkeypatch.setitem(BENCHMARKS, "long", long)
    monkeypatch.setitem(BENCHMARKS, "short", Count("two", lambda: {"d": 7}))
    main(["--small"])
    assert "long: one" not in capsys.readouterr().out
    main(["long", "--small"])
    assert "long: one\nc  7 bytes" in capsys.readouterr().out


def test_one_that_raises_is_told_and_the_others_go_on(monkeypatch, capsys):
    def broken():
        raise RuntimeError("no such device")

    monkeypatch.setitem(BENCHMARKS, "trivial-a", Benchmark("one", broken))
    monkeypatch.setitem(BENCHMARKS, "trivial-b", Benchmark("two", lambda: {"x": int}))
    assert main(["trivial"]) == 1
    out, err = capsys.readouterr()
    assert "not measured: raised RuntimeError: no such device" in out
    assert "trivial-b: two\nx " in out and "Traceback" in err


def test_a_course_that_fails_is_not_measured(monkeypatch):
    done = subprocess.CompletedProcess([], 4, stdout="no chapters")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(RuntimeError, match="failed with status 4(.|\n)*no chapters"):
        course.seconds()


def test_a_course_that_passes_is_measured_in_seconds(monkeypatch):
    done = subprocess.CompletedProcess([], 0, stdout="")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert run("course", BENCHMARKS["course"]).text.splitlines()[1:] == [
        "all chapters  1 s  1.00",
        "all chapters: 1.00 s; must be <= 360 s (holds), goal <= 180 s (reached)",
    ]
