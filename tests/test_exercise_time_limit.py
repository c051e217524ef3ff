"""An answer that does not end is ended, and leaves nothing behind."""

import _thread
import contextlib
import random
import sys
import threading
import time
import warnings

import numpy as np
import psutil
import pytest
import torch

from helpers.exercises import Exercise, Mistake, time_limit
from helpers.exercises.judge import judge
from helpers.exercises.time_limit import guarded, run_within

COUNT = Exercise("9.1", "Count", lambda n: n, lambda: [(1,), (2,)], (), "counting to 2")


def endless_while(n):
    while n == n:
        pass
    return n


def endless_in_a_comprehension(n):
    return sum(1 for _ in iter(int, 1))


def endless_that_catches(n):
    while True:
        try:
            n += 1
        except:  # noqa: E722
            pass


def endless_in_finally(n):
    try:
        endless_while(n)
    finally:
        n = endless_while(n)


def endless_with_torch(n):
    total = torch.zeros(10)
    while True:
        total = total + 1


def endless_in_short_sleeps(n):
    while True:
        time.sleep(0.05)


class EndlessLength(list):
    def __iter__(self):
        while True:
            pass


def threads_are(count):
    """Whether so many threads are left, after a moment in which one may end."""
    end = time.monotonic() + 1
    while threading.active_count() > count and time.monotonic() < end:
        time.sleep(0.01)
    return threading.active_count() <= count


ENDLESS = [
    endless_while,
    endless_in_a_comprehension,
    pytest.param(
        endless_that_catches,
        marks=pytest.mark.skipif(
            sys.version_info < (3, 11), reason="Python 3.10 never pauses in such a loop"
        ),
    ),
    endless_in_finally,
    endless_with_torch,
    endless_in_short_sleeps,
    lambda n: EndlessLength([1]),
]


@pytest.mark.parametrize("answer", ENDLESS)
def test_a_loop_without_end_is_stopped(answer):
    threads = threading.active_count()
    start = time.monotonic()
    verdict = judge(COUNT, answer, seconds=0.2)
    assert verdict.status == "endless"
    assert "did not finish within 0.2 seconds" in verdict.text
    assert "for n = 1. It was stopped." in " ".join(verdict.text.split())
    assert time.monotonic() - start < 30
    assert threads_are(threads)


def test_a_stopped_loop_uses_no_more_time():
    judge(COUNT, endless_while, seconds=0.2)
    process = psutil.Process()
    before = sum(process.cpu_times()[:2])
    time.sleep(0.5)
    assert sum(process.cpu_times()[:2]) - before < 0.2


def test_the_limit_is_for_all_cases_together():
    exercise = Exercise("9.1", "", abs, lambda: [(i,) for i in range(100)], (), "abs")

    def slow(n):
        time.sleep(0.02)
        return n

    assert judge(exercise, slow, seconds=0.3).status == "endless"


def test_what_waits_outside_python_is_left_and_said(monkeypatch):
    monkeypatch.setattr(time_limit, "GRACE", 0.2)
    verdict = judge(COUNT, lambda n: time.sleep(1.5), seconds=0.1)
    assert verdict.status == "endless"
    assert "could not be stopped" in " ".join(verdict.text.split())


def test_what_the_solution_imports_takes_no_time_of_the_answer(tmp_path, monkeypatch):
    (tmp_path / "slow_module.py").write_text("import time\ntime.sleep(0.5)\ntwo = 2\n")
    monkeypatch.syspath_prepend(tmp_path)

    def importing(n):
        import slow_module

        return slow_module.two * n

    exercise = Exercise("9.1", "", importing, lambda: [(1,)], (), "twice")
    assert judge(exercise, lambda n: importing(n), seconds=0.3).status == "correct"


def test_a_worker_that_ends_in_time():
    results = []
    assert run_within(5.0, lambda: results.append(1)) == "finished"
    assert results == [1]


def test_what_a_worker_raises_comes_through():
    with pytest.raises(ZeroDivisionError):
        run_within(5.0, lambda: 1 / 0)


def test_ending_just_at_the_limit_leaves_no_trace(capfd):
    """A Stop that comes too late must not surface in the thread's own machinery."""
    for _ in range(150):
        run_within(0.002, lambda: time.sleep(0.002))
    assert capfd.readouterr() == ("", "")


def test_ctrl_c_ends_the_worker_and_comes_through():
    threads = threading.active_count()
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        judge(COUNT, endless_while, seconds=20)
    timer.join()
    assert threads_are(threads)


def test_guarded_gives_the_other_answer():
    assert guarded(len, [1], otherwise=0) == 1
    assert guarded(sys.exit, otherwise=0) == 0


def test_the_answer_may_print(capsys):
    def chatty(n):
        print("thinking about", n)
        return n

    assert judge(COUNT, chatty).status == "correct"
    assert capsys.readouterr().out == "thinking about 1\nthinking about 2\n"


def test_random_answers_are_fair_and_the_generators_stay():
    def draw(n):
        return [random.random(), float(np.random.rand()), torch.rand(2)]

    exercise = Exercise("9.1", "", draw, lambda: [(1,), (2,)], (), "a draw")
    torch.manual_seed(4)
    expected = torch.rand(3)
    torch.manual_seed(4)
    assert judge(exercise, lambda n: draw(n)).status == "correct"
    assert torch.equal(torch.rand(3), expected)


def test_a_random_answer_gets_the_same_words_each_time():
    exercise = Exercise("9.1", "", lambda: 2.0, lambda: [()], (), "two")
    draws = [lambda: torch.rand(()).item(), random.random, lambda: np.random.rand()]
    for draw in draws:
        texts = {judge(exercise, draw).text for _ in range(3) if draw()}
        assert len(texts) == 1


def test_only_warnings_of_the_answer_reach_the_learner():
    def warn(words, result):
        return lambda: warnings.warn(words, stacklevel=1) or result

    known = (Mistake(warn("ours", 1.0), "One is no zero."),)
    exercise = Exercise("9.1", "", warn("ours", 0.0), lambda: [()], known, "zero")
    with pytest.warns() as caught:
        judge(exercise, warn("theirs", 2.0))
    assert [str(each.message) for each in caught] == ["theirs"]


def test_gradients_are_recorded_as_usual():
    with torch.no_grad():
        verdict = judge(
            Exercise("9.1", "", lambda: True, lambda: [()], (), "grad mode"),
            torch.is_grad_enabled,
        )
    assert verdict.status == "correct"


def test_a_solution_that_does_not_end_is_an_error_of_the_course(monkeypatch):
    monkeypatch.setattr("helpers.exercises.judge.OUR_SECONDS", 0.1)
    exercise = Exercise("9.1", "", endless_while, lambda: [(1,)], (), "nothing")
    with pytest.raises(RuntimeError, match="exercise 9.1 runs longer than 0.1"):
        judge(exercise, lambda n: n)


def test_printing_without_end_is_stopped_too():
    def flood(n):
        with contextlib.redirect_stdout(None):
            while True:
                print(n)

    assert judge(COUNT, flood, seconds=0.2).status == "endless"
