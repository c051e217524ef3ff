"""An answer that is like no known mistake is explained all the same."""

import pytest
import torch

from helpers.exercises import Exercise, Mistake
from helpers.exercises.error_hints import hint
from helpers.exercises.exercise import faulty
from helpers.exercises.kinds import Raised
from helpers.exercises.wrong_places import two_at_once
from tests.exercise_samples import NUMBER, SPEED, STEP, found


def report(distance, duration):
    return {"speed": distance / duration, "far": distance > 7.0}


REPORT = Exercise(
    "9.1", "Report", report, lambda: [(6.0, 2.0), (10.0, 4.0)],
    (
        Mistake(lambda d, t: report(t, d) | {"far": d > 7}, "You divide upside down."),
        Mistake(lambda d, t: report(d, t) | {"far": d < 7}, "That is near."),
    ),
    "a report",
)  # fmt: skip


class TestSeveralMistakes:
    def test_two_in_two_parts_of_the_result(self):
        def both(d, t):
            return {"speed": t / d, "far": d < 7}

        text = found(REPORT, both, "mistake", "You divide upside down.")
        assert text.endswith("And: That is near.")

    def test_one_part_is_named_and_the_rest_said_to_be_open(self):
        def one(d, t):
            return {"speed": t / d, "far": None}

        found(REPORT, one, "mistake", "You divide upside down.", "that is not all.")

    def test_praise_is_left_out_where_not_all_is_right(self):
        praised = Mistake(
            lambda d, t: {"speed": d / t, "far": 0},
            "The speed is right, and far is no number.",
        )
        exercise = Exercise(
            "9.1", "", report, REPORT.cases, (*REPORT.mistakes, praised), "a report"
        )
        text = found(exercise, lambda d, t: {"speed": t / d, "far": 0}, "mistake")
        assert "And: Far is no number." in text

    def test_where_both_act_anything_may_come_out(self):
        one, other = Mistake(1, "One."), Mistake(2, "Other.")
        known = [(one, {"a": 1.0, "b": 1.0}), (other, {"b": 2.0, "c": 2.0})]
        for both in (1.0, 2.0, 7.0):
            wrong = {"a": 1.0, "b": both, "c": 2.0}
            assert {*two_at_once(wrong, known, 1e-9)} == {one, other}
        assert two_at_once({"a": 1.0, "b": 7.0, "c": 3.0}, known, 1e-9) is None
        assert two_at_once({"a": 1.0, "b": 7.0}, known, 1e-9) is None

    def test_a_mistake_that_shows_in_some_cases_only(self):
        def sometimes(d, t):
            return d // t if d > 7 else d / t

        exercise = Exercise(
            "9.2", "", SPEED.solution, lambda: [(7.0, 2.0), (10.0, 4.0)],
            SPEED.mistakes, "arithmetic",
        )  # fmt: skip
        found(exercise, sometimes, "mistake", "You threw the fraction away.",
              "in some of the cases")  # fmt: skip

    def test_two_faults_are_tried_together(self):
        def scaled(sign=1, factor=2.0):
            return lambda x: sign * factor * x**3

        faults = (({"sign": -1}, "A sign."), ({"factor": 1.0}, "The factor."))
        exercise = Exercise(
            "9.1", "", lambda x: 2 * x**3, lambda: [(2.0,), (3.0,)],
            faulty(scaled, faults), "cubes", build=scaled, faults=faults,
        )  # fmt: skip
        found(exercise, lambda x: -(x**3), "mistake", "A sign.\nAnd: The factor."[:7])
        found(exercise, lambda x: -2 * x**3, "mistake", "A sign.")


def fall(time, gravity, start):
    """A formula with several inputs."""
    return start - gravity * time * time / 2


FALL = Exercise(
    "9.1", "Fall", fall, lambda: [(1.5, 9.81, 20.0), (3.0, 1.62, 7.0)],
    (Mistake(lambda t, g, s: s - g * t / 2, "Time counts twice."),), "a fall",
)  # fmt: skip


class TestOneSlip:
    @pytest.mark.parametrize(
        "answer, words",
        [
            (
                lambda t, g, s: s + g * t * t / 2,
                "with -gravity in the place of gravity",
            ),
            (lambda t, g, s: s - t * t / 2, "with 1 in the place of gravity"),
            (lambda t, g, s: -g * t * t / 2, "with 0 in the place of start"),
            (lambda t, g, s: t - g * s * s / 2, "with time and start exchanged"),
            (lambda t, g, s: s - g * (t - 1) ** 2 / 2, "with 1 - time in the place"),
            (lambda t, g, s: s - g * t * t / 3, "when 3 stands where 2 belongs"),
            (lambda t, g, s: s - g * t / 2 / t, "with 1 in the place of time"),
        ],
    )
    def test_in_an_input_or_in_the_formula(self, answer, words):
        found(FALL, answer, "mistake", "It is what comes out", words)

    def test_two_slips(self):
        text = found(FALL, lambda t, g, s: s + g * t * t / 3, "mistake", "when")
        assert " and " in text

    def test_with_a_known_mistake(self):
        text = found(FALL, lambda t, g, s: s - (1 - g) * t / 2 * 1, "mistake")
        assert "Time counts twice." in text
        assert "And: It is what comes out with 1 - gravity in the" in text

    def test_an_option_in_a_dict(self):
        exercise = Exercise(
            "9.1", "", lambda x, options: x * options["rate"] - options["decay"],
            lambda: [(2.0, {"rate": 0.5, "decay": 0.2}), (1, {"rate": 3, "decay": 2})],
            (), "a step",
        )  # fmt: skip
        found(exercise, lambda x, options: x * options["rate"], "mistake",
              "with 0 in the place of decay")  # fmt: skip

    def test_a_slip_that_makes_a_loop_endless_ends(self, monkeypatch):
        monkeypatch.setattr("helpers.exercises.explain.SECONDS", 0.5)
        monkeypatch.setattr("helpers.exercises.explain.SECONDS_OF_ONE", 0.05)

        def halve(x):
            while x > 1.0:
                x = x / 2
            return x

        exercise = Exercise("9.1", "", halve, lambda: [(9.0,), (6.0,)], (), "halves")
        found(exercise, lambda x: 17.0 + x, "differs")


TABLE = torch.arange(4.0).view(2, 2).double()
CUBE = [(2.0,), (3.0,)]


def exercise_for(right, *cases):
    """An exercise whose solution has no source: only its results are compared."""
    return Exercise("9.1", "", lambda x, n=0: right(x, n), lambda: list(cases), (), "x")


class TestRelations:
    @pytest.mark.parametrize(
        "right, wrong, cases, words",
        [
            (lambda x, n: x**3, lambda x: 5 * x**3, CUBE, "multiplied by 5"),
            (lambda x, n: x**3 + 1, lambda x: -(x**3) - 1, CUBE, "its sign turned"),
            (lambda x, n: x**3 + 1, lambda x, n: n * (x**3 + 1),
             [(2.0, 7.0), (3.0, 5.0)], "multiplied by n"),
            (lambda x, n: x**3, lambda x: x**3 + 4, CUBE, "4 too large"),
            (lambda x, n: x**3, lambda x, n: x**3 + n, [(2.0, 7.0), (3.0, 5.0)],
             "and n on top"),
            (lambda x, n: x**3 + 1, lambda x: 1 / (x**3 + 1), CUBE, "one over"),
            (lambda x, n: TABLE.T * x, lambda x: TABLE * x, CUBE, "transpose"),
            (lambda x, n: [x, 2.5 * x, 7.5], lambda x: [7.5, 2.5 * x, x],
             [(2.0,), (3.0,)], "reverse order"),
            (lambda x, n: [x, 4 * x, 9.5, 1.5], lambda x: [4 * x, 9.5, 1.5, 0.5],
             [(2.0,), (3.0,)], "one place too early"),
            (lambda x, n: [x, 4 * x, 9.5], lambda x: [x + 1, 4 * x, 9.5],
             [(2.0,), (3.0,)], "Only the first number is wrong"),
            (lambda x, n: x + n**5, lambda x, n: x + n / 3,
             [(2.0, 0.0), (3.0, 2.0), (5.0, 7.0)], "right where n is 0.0"),
            (lambda x, n: x > 2, lambda x: x < 0, [*CUBE, (5.0,)], "every case"),
        ],
    )  # fmt: skip
    def test_how_the_results_are_related(self, right, wrong, cases, words):
        found(exercise_for(right, *cases), wrong, "differs", words)

    @pytest.mark.parametrize(
        "value, words",
        [(-3.0, "sign is turned"), (1 / 3, "upside down"), (1.5, "half of")],
    )
    def test_a_plain_value(self, value, words):
        answer = {"slope": value, "names": ("a", "b")}
        found(NUMBER, answer, "differs", words)

    def test_nothing_is_said_of_what_is_only_rounding(self):
        text = found(STEP, lambda p, g: (p - g) * (1 + 3e-6), "differs")
        assert "multiplied" not in text


@pytest.mark.parametrize(
    "kind, message, words",
    [
        (TypeError, "unsupported operand type(s): 'float' and 'NoneType'", "is None"),
        (
            AttributeError,
            "'NoneType' object has no attribute 'data'",
            "has no gradient",
        ),
        (RuntimeError, "a leaf Variable that requires grad is being used", "no_grad"),
        (RuntimeError, "Boolean value of Tensor with more than one value", "is None"),
        (KeyError, "'square'", "no such key yet"),
        (RecursionError, "maximum recursion depth exceeded", "a list of what is still"),
        (OSError, "something else", ""),
    ],
)
def test_exceptions_mean_the_same_in_all_chapters(kind, message, words):
    assert words in hint(Raised(kind, message, ""))
    assert bool(hint(Raised(kind, message, ""))) == bool(words)
