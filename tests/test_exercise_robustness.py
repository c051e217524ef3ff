"""Whatever an answer does to its surroundings, it gets a true verdict."""

import builtins
import io
import subprocess
import sys
import textwrap
import time

import pytest
import torch

from helpers.exercises import Exercise
from helpers.exercises.judge import judge
from helpers.exercises.printed import MOST
from tests.exercise_samples import SPEED, STEP, found

SUM = Exercise(
    "9.1", "Sum", lambda x: torch.add(x, x), lambda: [(torch.ones(2),)], (), "a sum"
)


class TestReplaced:
    def test_by_the_answer_for_itself_and_for_us(self):
        def breaking(x):
            torch.add = lambda *arguments: torch.zeros(3)
            return torch.add(x, x)

        add = torch.add
        found(SUM, breaking, "changed inputs", "another meaning to torch.add")
        assert torch.add is add

    def test_before_the_check(self, monkeypatch):
        mine = lambda *arguments: torch.zeros(3)  # noqa: E731
        monkeypatch.setattr(torch, "add", mine)
        found(SUM, lambda x: torch.zeros(3), "wrong type")
        found(SUM, lambda x: 2 * x, "correct")
        assert torch.add is mine

    def test_a_method_that_was_inherited(self):
        def breaking(x):
            torch.Tensor.add = lambda *arguments: 0
            return 2 * x

        found(SUM, breaking, "changed inputs", "torch.Tensor.add")
        assert torch.ones(1).add(1.0) == 2.0

    def test_a_function_of_python(self):
        def breaking(distance, duration):
            builtins.sum = None
            return distance / duration

        found(SPEED, breaking, "changed inputs", "It gives another meaning to sum")
        assert sum([1, 2]) == 3

    def test_what_torch_replaces_itself_is_no_fault(self):
        def stepping(x):
            p = torch.ones(2, requires_grad=True)
            torch.optim.SGD([p], lr=0.1).step()
            torch.manual_seed(0)
            return x + x

        found(SUM, stepping, "correct")


class TestOurErrors:
    def test_a_solution_that_raises_is_never_met_by_an_answer_that_raises(self):
        exercise = Exercise("9.1", "", lambda: 1 / 0, lambda: [()], (), "nothing")
        text = found(exercise, lambda: 1 / 0, "not judged", "an error of the course")
        assert "not yet" not in text

    def test_an_exception_that_is_announced(self):
        exercise = Exercise(
            "9.1", "", lambda: 1 / 0, lambda: [()], (), "1 / 0",
            may_raise=(ZeroDivisionError,),
        )  # fmt: skip
        found(exercise, lambda: 2 / 0, "correct")
        found(exercise, lambda: [][0], "raised")


class TestPrinted:
    def test_the_verdict_begins_a_line(self, capsys):
        judge(SPEED, lambda d, t: print("hm", end="") or d / t)
        assert capsys.readouterr().out == "hmhm\n"

    @pytest.mark.parametrize("stream", [None, io.StringIO()])
    def test_a_closed_stream_is_open_again(self, stream, capsys):
        def closing(distance, duration):
            if sys.stdout:
                sys.stdout.close()
            sys.stdout = stream
            return distance / duration

        found(SPEED, closing, "correct")
        print("still there")
        assert capsys.readouterr().out == "still there\n"

    def test_a_flood_is_cut(self, capsys):
        found(SPEED, lambda d, t: print("x" * MOST) or d / t, "correct")
        text = capsys.readouterr().out
        assert text.count("x") <= MOST and "left out" in text


def test_a_first_import_takes_no_time_of_the_answer(tmp_path, monkeypatch):
    (tmp_path / "slow_to_come.py").write_text("import time\ntime.sleep(0.6)\nTWO = 2\n")
    monkeypatch.syspath_prepend(tmp_path)

    def importing(distance, duration):
        import slow_to_come

        return distance / duration * slow_to_come.TWO / 2

    assert judge(SPEED, importing, seconds=0.3).status == "correct"
    sys.modules.pop("slow_to_come")
    usual = builtins.__import__
    assert judge(SPEED, lambda d, t: time.sleep(0.9), seconds=0.3).status == "endless"
    assert builtins.__import__ is usual


def test_the_process_outlives_a_deep_recursion_and_a_closed_stream():
    code = """
        import sys
        from helpers.exercises import check, verdict

        def deeper(function, at, step):
            sys.setrecursionlimit(10**8)
            return sorted([1, 2], key=lambda x: deeper(function, at, step))

        limit = sys.getrecursionlimit()
        print(verdict("1.2", deeper).status, limit == sys.getrecursionlimit())
        sys.stdout.close()
        check("1.1", ...)
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.stdout == "raised True\n", ended.stderr
    assert ended.stderr.splitlines()[0] == "1.1 · your turn"


def test_what_the_text_rules_out_is_refused_and_nothing_else():
    exercise = Exercise(
        "9.1", "", lambda items: max(items), lambda: [([3, 1],)], (), "max",
        refuses={"sorted": "Without sorted."},
    )  # fmt: skip
    found(exercise, lambda items: sorted(items)[-1], "mistake", "Without sorted.")
    found(exercise, lambda items: max(*items), "correct")
    found(exercise, lambda items: sorted(items)[0], "differs")
    assert sys.getprofile() is None


def test_an_answer_may_change_only_what_it_returns():
    found(STEP, lambda p, g: p - g, "correct")
