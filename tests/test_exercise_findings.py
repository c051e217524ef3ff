"""What a check says about an answer that it does not know, whatever that one does."""

import math

import numpy as np
import pytest
import torch

from helpers.exercises import Exercise
from helpers.exercises.judge import judge
from tests.exercise_samples import CLASS, NUMBER, SPEED, STEP, found, use_counter


class TestDiffers:
    def test_the_first_input_got_and_expected(self):
        text = found(SPEED, lambda d, t: 3.0 if d == 6 else 1 / 3, "differs")
        assert text.splitlines() == [
            "9.1 · not yet. The result differs for distance = 10.0, duration = 4.0.",
            "      got       0.3333",
            "      expected  2.5",
            "      It is right in 1 of 2 cases.",
        ]

    def test_no_line_ends_inside_a_named_input(self):
        exercise = Exercise(
            "9.1", "", lambda **inputs: 0, lambda: [(0.125,) * 8], (), "zero",
            probe=lambda answer, a, b, c, d, e, f, g, h: answer(),
        )  # fmt: skip
        lines = judge(exercise, lambda: 1).text.splitlines()
        assert lines[0].endswith("b = 0.125, c = 0.125,")
        assert lines[1].startswith("      d = 0.125, e = 0.125,")

    def test_digits_enough_to_see_it(self):
        text = found(SPEED, lambda d, t: d / t + 1e-6, "differs")
        assert "got       3.000001" in text

    def test_the_place_in_a_nested_result(self):
        exercise = Exercise(
            "9.7", "", lambda n: (n, {"w": list(range(n))}), lambda: [(3,)], (), "range"
        )
        found(exercise, lambda n: (n, {"w": [0, 1, 5]}), "differs", "[1]['w'][2]")

    def test_a_value_keeps_the_expected_one_secret(self):
        answer = {"slope": 4.0, "names": ("a", "b")}
        text = found(NUMBER, answer, "differs", "You have 4.0 at ['slope']")
        assert "3.0" not in text

    @pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 10**400, 1j])
    def test_numbers_of_every_sort(self, wrong):
        found(SPEED, lambda d, t: wrong, "differs")

    def test_nan_equals_nan(self):
        exercise = Exercise("9.8", "", lambda: math.nan, lambda: [()], (), "nan")
        found(exercise, lambda: float("nan"), "correct")
        found(exercise, lambda: 0.0, "differs", "when it runs")


class TestWrongType:
    @pytest.mark.parametrize(
        "result, words",
        [
            (None, "It gives None for distance = 6.0, duration = 2.0; expected is"),
            (None, "Is a `return` missing?"),
            (torch.tensor(3.0), "a tensor of shape () and dtype float32"),
            (torch.tensor(3.0), "`.item()` makes a number"),
            (np.array([3.0]), "a NumPy array of shape (1,)"),
            ([3.0], "a list of 1"),
            ("3.0", "text (str)"),
            (True, "a truth value (bool)"),
            (iter([3.0]), "an object of class list_iterator"),
            ((i for i in [3.0]), "a generator"),
            (math.sqrt, "Are the parentheses of a call missing?"),
            ([[0.0] * 1000] * 1000, "a list of 1000"),
            (torch.zeros(1, device="meta"), "a tensor without data"),
        ],
    )
    def test_what_came_and_what_is_expected(self, result, words):
        found(SPEED, lambda d, t: result, "wrong type", words, "a number (float)")

    def test_a_tensor_of_another_shape_or_dtype(self):
        found(STEP, lambda p, g: (p - g)[:1], "wrong type", "shape (1,)", "shape (2,)")
        found(STEP, lambda p, g: (p - g).double(), "wrong type", "dtype float64")
        found(STEP, lambda p, g: (p - g).tolist(), "wrong type", "torch.tensor(...)")

    def test_a_value_where_a_function_is_asked_for(self):
        found(SPEED, 3.0, "wrong type", "asks for a function; you have a value of type")
        found(NUMBER, SPEED.solution, "wrong type", "asks for a value")
        found(CLASS, use_counter, "wrong type", "asks for a class; you have a function")


class TestChangedInputs:
    def test_which_one_and_how(self):
        def spoil(parameter, gradient):
            gradient.mul_(0)
            return torch.tensor([0.5, 1.5])

        found(STEP, spoil, "changed inputs", "its input `gradient`: tensor([0.5, 0.5])")

    def test_a_change_explains_a_wrong_result(self):
        found(STEP, lambda p, g: p.add_(g).add_(g), "changed inputs", "its input")

    def test_a_gradient_that_is_left_behind_is_a_change(self):
        def cases():
            return [(torch.ones(2, requires_grad=True),)]

        exercise = Exercise("9.9", "", lambda x: x.sum().item(), cases, (), "sum")

        def spoil(x):
            x.sum().backward()
            return 2.0

        found(exercise, spoil, "changed inputs", "`x`")

    @pytest.mark.parametrize("change", [list.clear, list.reverse, list.pop])
    def test_a_list(self, change):
        exercise = Exercise("9.9", "", len, lambda: [([1, 2],)], (), "len")
        found(exercise, lambda items: [len(items), change(items)][0], "changed inputs")

    def test_where_it_is_allowed(self):
        exercise = Exercise(
            "9.9", "", len, lambda: [([1, 2],)], (), "len", may_change_inputs=True
        )
        found(exercise, lambda items: [len(items), items.clear()][0], "correct")


class TestRaises:
    def test_the_exception_the_input_and_the_line(self):
        def crash(distance, duration):
            return distance / (duration - 4.0) * -1.0

        found(
            SPEED, crash, "raised", "It raises ZeroDivisionError for distance = 10.0",
            "division by zero", "in the line return distance / (duration - 4.0) * -1.0",
        )  # fmt: skip

    @pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, BaseException])
    def test_what_is_no_exception_of_the_usual_kind(self, kind):
        def leave(distance, duration):
            raise kind

        found(SPEED, leave, "raised", f"It raises {kind.__name__}")

    def test_a_recursion_without_end(self):
        def deeper(distance, duration):
            return deeper(distance, duration)

        found(SPEED, deeper, "raised", "RecursionError")

    def test_too_few_arguments(self):
        found(SPEED, lambda distance: 3.0, "raised", "TypeError", "takes 1 positional")

    def test_an_exception_whose_message_raises(self):
        class Rude(Exception):
            def __str__(self):
                raise RuntimeError("even here")

        def crash(distance, duration):
            raise Rude

        found(SPEED, crash, "raised", "It raises Rude")

    def test_an_exception_that_the_solution_raises_too(self):
        exercise = Exercise(
            "9.9", "", math.sqrt, lambda: [(-1.0,)], (), "math.sqrt",
            may_raise=(ValueError,),
        )  # fmt: skip

        def refuse(x):
            raise ValueError("other words")

        found(exercise, refuse, "correct")
        found(exercise, lambda x: 0.0, "differs", "expected a ValueError")


class Hostile:
    """Raises whatever one asks it."""

    __hash__ = None

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError("repr")

    def __eq__(self, other):
        raise RuntimeError("eq")

    @property
    def __class__(self):
        raise RuntimeError("class")


class TestHostile:
    def test_as_a_result(self):
        found(SPEED, lambda d, t: Hostile(), "raised", "RuntimeError")
        found(SPEED, lambda d, t: [Hostile()], "raised", "RuntimeError")

    def test_as_an_answer(self):
        found(SPEED, Hostile(), "wrong type", "a value of type Hostile")
        found(NUMBER, Hostile(), "raised", "RuntimeError")

    def test_a_list_that_holds_itself(self):
        items = []
        items.append(items)
        found(SPEED, lambda d, t: items, "wrong type", "a list of 1")
        found(NUMBER, items, "wrong type")
