"""A check tells right from open, and names the mistakes it knows."""

import math

import pytest
import torch

from helpers.exercises import Exercise, Mistake, Verdict
from helpers.exercises.judge import judge
from tests.exercise_samples import CLASS, NUMBER, SPEED, STEP, found, subtract_in_place


class TestRight:
    @pytest.mark.parametrize("exercise", [SPEED, NUMBER, STEP, CLASS])
    def test_the_solution(self, exercise):
        expected = f"{exercise.number} · correct, the same as {exercise.compared_with}"
        assert judge(exercise, exercise.solution) == Verdict(
            exercise.number, "correct", expected
        )

    def test_within_the_tolerance(self):
        found(SPEED, lambda d, t: d / t * (1 + 1e-10), "correct")
        found(SPEED, lambda d, t: d / t * (1 + 1e-7), "differs")

    def test_the_tolerance_grows_with_the_number(self):
        exercise = Exercise("9.5", "", 1e6, lambda: [()], (), "a million")
        found(exercise, 1e6 + 1e-4, "correct")
        found(exercise, 1e6 + 1e-2, "differs")

    def test_rounding_of_the_dtype_is_no_difference(self):
        found(STEP, lambda p, g: (p / 3 - g / 3) * 3 * (1 + 3e-7), "correct")
        found(STEP, lambda p, g: (p - g) * (1 + 3e-6), "differs")

    def test_without_tolerance_the_last_bit_counts(self):
        exercise = Exercise("9.5", "", 0.3, lambda: [()], (), "0.3", tolerance=0)
        found(exercise, 0.1 + 0.2, "differs")

    def test_an_integer_that_is_equal(self):
        found(NUMBER, {"slope": 3, "names": ["a", "b"]}, "correct")


class TestYourTurn:
    def empty(self, d, t): ...

    def doc_only(d, t):
        """Nothing but a promise."""

    def passing(d, t):
        pass

    def returning(d, t):
        return ...

    def half_done(d, t):
        speed = ...
        return speed

    def operand(d, t):
        return d / (t + ...)

    def conversion(d, t):
        return math.sqrt(...) + d

    def attribute(d, t):
        return (...).item()

    def in_a_tuple(d, t):
        return {"speed": [d, (...,)]}

    def not_implemented(d, t):
        raise NotImplementedError("exercise 9.1")

    STUBS = [empty, doc_only, passing, returning, half_done, operand, conversion]
    STUBS += [attribute, in_a_tuple, not_implemented, lambda d, t: ..., ..., None]

    @pytest.mark.parametrize("stub", STUBS)
    def test_a_stub_of_a_function(self, stub):
        text = found(SPEED, stub, "your turn")
        assert text == "9.1 · your turn"

    @pytest.mark.parametrize("stub", [..., None, {"slope": ...}, {"names": ("a", ...)}])
    def test_a_stub_of_a_value(self, stub):
        found(NUMBER, stub, "your turn")

    def test_a_class_with_an_empty_method(self):
        class Stub:
            def add(self, number): ...

        found(CLASS, Stub, "your turn")

    def test_a_method_that_is_empty_in_the_solution_may_stay_so(self):
        class Answer:
            total = 0

            def add(self, number):
                self.total += number

            def close(self):
                pass

        found(CLASS, Answer, "correct")

    def test_a_starting_point_that_runs(self):
        exercise = Exercise(
            "9.5", "Repair", math.sqrt, lambda: [(4.0,)], (), "sqrt",
            starting_point=lambda x: x / 4,
        )  # fmt: skip
        found(exercise, lambda x: x * 0.25, "your turn")
        found(exercise, lambda x: x, "differs")


class TestMistakes:
    @pytest.mark.parametrize("exercise", [SPEED, NUMBER, STEP])
    def test_each_gets_its_own_message(self, exercise):
        for mistake in exercise.mistakes:
            text = found(exercise, mistake.answer, "mistake")
            expected = f"{exercise.number} · not yet. {mistake.message}"
            assert " ".join(text.split()) == expected

    def test_an_answer_of_other_make_is_recognised(self):
        def slow(distance, duration):
            return float(sum(1 for _ in range(int(distance / duration))))

        found(SPEED, slow, "mistake", "You threw the fraction away.")

    def test_the_same_exception_class_is_recognised(self):
        found(SPEED, lambda d, t: {}["speed"], "mistake", "an empty table")

    def test_a_right_answer_is_no_mistake(self):
        """A variant that happens to be right on all cases is never reported."""
        same = Mistake(lambda d, t: d / t, "Never to be seen.")
        exercise = Exercise(
            "9.1", "", SPEED.solution, SPEED.cases, (same,), "arithmetic"
        )
        found(exercise, SPEED.solution, "correct")

    def test_a_mistake_that_only_changes_its_inputs(self):
        found(STEP, subtract_in_place, "mistake", "You step in place.")

    def test_a_message_is_wrapped_and_aligned(self):
        mistake = Mistake(1.0, "One long sentence of many words. " * 5)
        exercise = Exercise("9.6", "", 2.0, lambda: [()], (mistake,), "two")
        lines = found(exercise, 1.0, "mistake").splitlines()
        assert len(lines) == 3
        assert all(line.startswith("      ") for line in lines[1:])


class TestWhatIsRemembered:
    def test_solution_and_mistakes_run_once_for_all_answers(self):
        runs = []

        def counted(name, result):
            return lambda: runs.append(name) or result

        known = (Mistake(counted("a", 1), "One."), Mistake(counted("b", 2), "Two."))
        exercise = Exercise("9.1", "", counted("ours", 0), lambda: [()], known, "0")
        for answer, status in ((2, "mistake"), (1, "mistake"), (3, "differs")):
            found(exercise, lambda given=answer: given, status)
        assert sorted(runs) == ["a", "b", "ours"]

    def test_nothing_of_ours_runs_for_a_stub(self):
        exercise = Exercise("9.1", "", lambda: 1 / 0, lambda: 1 / 0, (), "nothing")
        found(exercise, ..., "your turn")

    def test_another_default_dtype_is_another_result(self):
        exercise = Exercise("9.1", "", lambda: torch.ones(1), lambda: [()], (), "1")
        found(exercise, lambda: torch.ones(1), "correct")
        torch.set_default_dtype(torch.float64)
        try:
            found(exercise, lambda: torch.ones(1), "correct")
        finally:
            torch.set_default_dtype(torch.float32)
