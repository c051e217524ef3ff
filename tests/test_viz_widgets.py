"""Live figures and steppers: they follow their controls, and say what went wrong."""

import base64
import functools
import io
import threading
import time

import ipywidgets
import pytest
from matplotlib.text import Text
from PIL import Image
from traitlets import TraitError

from helpers.viz.controls import set_value
from helpers.viz.png import quick_png
from helpers.viz.widgets import LiveFigure, Stepper, choice, log_slider, slider, switch


def plot(figure, lr, nesterov=False):
    axes = figure.subplots()
    axes.plot([0.0, 1 / lr if nesterov else lr])
    axes.set(xlabel="step", ylabel="loss")


def live_figure(draw=plot, **options):
    return LiveFigure(draw, {"lr": slider(0.1, 0.0, 1.0, 0.1), **options})


def words_in(live) -> str:
    return "\n".join(text.get_text() for text in live.figure.findobj(Text))


class TestLiveFigure:
    def test_it_draws_again_when_a_control_moves(self):
        live = live_figure()
        before = live.png
        live.controls["lr"].value = 0.7
        assert live.png != before
        assert live.figure.axes[0].lines[0].get_ydata()[1] == 0.7

    def test_equal_values_give_equal_bytes(self):
        live = live_figure()
        before = live.png
        live.update(lr=0.5)
        live.update(lr=0.1)
        assert live.png == before == live_figure().png

    def test_draw_gets_a_cleared_figure_each_time(self):
        live = live_figure()
        live.update(lr=0.5)
        assert len(live.figure.axes) == 1

    def test_update_draws_once_however_many_controls_it_sets(self):
        drawn = []

        def draw(figure, **values):
            drawn.append(values)

        live = live_figure(draw, nesterov=switch(False))
        live.update(lr=0.5, nesterov=True)
        assert drawn[1:] == [{"lr": 0.5, "nesterov": True}]

    def test_values_are_free_of_rounding_noise(self):
        live = live_figure()
        live.controls["lr"].value = 0.1 + 0.2
        assert live.values == {"lr": 0.3}

    def test_its_text_names_the_values(self):
        live = live_figure(nesterov=switch(True))
        assert repr(live) == "LiveFigure(lr=0.1, nesterov=True)"

    def test_a_notebook_gets_the_widget_a_picture_and_the_text(self):
        data, metadata = live_figure()._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in data
        assert data["text/plain"] == "LiveFigure(lr=0.1)"
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        assert picture.size == (770, 385)
        assert metadata["image/png"]["alt"] == "loss against step"

    def test_the_still_picture_is_the_same_at_every_run(self):
        one, other = (live_figure()._repr_mimebundle_()[0] for _ in range(2))
        assert one["image/png"] == other["image/png"]

    def test_the_picture_has_words_for_screen_readers(self):
        image = live_figure().children[-1]
        assert image.tooltip == "loss against step"
        assert image.description == ""

    def test_controls_have_labels_and_tooltips(self):
        live = live_figure(nesterov=switch(label="look ahead"))
        controls = list(live.controls.values())
        assert [control.description for control in controls] == ["lr", "look ahead"]
        assert all(control.tooltip for control in controls)

    def test_an_unknown_control_is_refused_with_the_known_ones(self):
        with pytest.raises(ValueError, match="no control rate; the controls are lr"):
            live_figure().update(rate=0.1)

    def test_a_draw_that_lacks_an_argument_is_refused_at_once(self):
        with pytest.raises(TypeError, match=r"draw\(figure, lr, beta\)"):
            live_figure(beta=slider(1, 0, 2, 1))

    def test_only_the_newest_of_waiting_changes_is_drawn(self):
        started, may_go_on, drawn = threading.Event(), threading.Event(), []

        def draw(figure, lr):
            drawn.append(lr)
            if lr == 0.2:
                started.set()
                assert may_go_on.wait(timeout=20)

        live = live_figure(draw)
        control, threads = live.controls["lr"], []
        for value in (0.2, 0.3, 0.4, 0.5):
            target = functools.partial(setattr, control, "value", value)
            threads.append(threading.Thread(target=target))
            threads[-1].start()
            assert started.wait(timeout=20)
            while control.value != value:
                time.sleep(0.001)
        may_go_on.set()
        for thread in threads:
            thread.join(timeout=20)
        assert drawn == [0.1, 0.2, 0.5]


class TestErrorsOfDraw:
    def test_the_picture_says_what_was_raised_and_where(self):
        live = live_figure(nesterov=switch(True))
        live.update(lr=0.0)
        assert live.error == "ZeroDivisionError: float division by zero"
        assert live.error in words_in(live)
        assert "in its line 3: axes.plot([0.0, 1 / lr if nester" in words_in(live)

    def test_the_text_beside_the_picture_says_it_too(self):
        live = live_figure(nesterov=switch(True))
        live.update(lr=0.0)
        assert "error='ZeroDivisionError" in repr(live)
        assert live.children[-1].tooltip == live.error

    def test_the_next_good_values_recover(self):
        live = live_figure(nesterov=switch(True))
        good = live.png
        live.update(lr=0.0)
        bad = live.png
        live.update(lr=0.1)
        assert live.error is None
        assert live.png == good != bad

    def test_what_fails_only_while_matplotlib_draws_is_caught(self):
        def draw(figure, lr):
            figure.subplots().set_title("$\\nonsense{$")

        live = live_figure(draw)
        assert "Unknown symbol" in live.error
        assert "Unknown symbol" in words_in(live)

    def test_a_long_strange_message_stays_within_the_picture(self):
        def draw(figure, lr):
            raise ValueError("$\\no{ long word here " * 200)

        live = live_figure(draw)
        quick_png(live.figure)
        edge = live.figure.texts[0].get_window_extent()
        assert edge.x1 < live.figure.bbox.x1
        assert edge.y0 > 0

    def test_an_interrupt_is_not_swallowed(self):
        def draw(figure, lr):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            live_figure(draw)


class TestStepper:
    def walk(self, count=4, **options):
        labels = [f"step {k} < {count}" for k in range(count)]
        return Stepper(self.draw, count, labels=labels, **options)

    @staticmethod
    def draw(figure, step):
        figure.subplots().plot(range(step + 2))

    def press(self, walk, name):
        row = walk.children[0].children
        next(button for button in row if button.description == name).click()

    def test_buttons_go_forward_back_and_to_the_first(self):
        walk, seen = self.walk(), []
        for name in ("forward", "forward", "back", "first", "back"):
            self.press(walk, name)
            seen.append(walk.step)
        assert seen == [1, 2, 1, 0, 0]

    def test_forward_stops_at_the_last_step(self, caplog):
        walk = self.walk(count=2)
        self.press(walk, "forward")
        self.press(walk, "forward")
        assert walk.step == 1
        assert caplog.records == []

    def test_each_step_has_its_picture_and_sentence(self):
        walk = self.walk()
        before = walk.png
        walk.go_to(2)
        assert walk.png != before
        assert walk.label == "step 2 < 4"
        assert walk.children[-1].value == "step 2 &lt; 4"

    def test_play_moves_the_slider_in_the_browser(self):
        row = self.walk(seconds=0.5).children[0].children
        play = next(part for part in row if isinstance(part, ipywidgets.Play))
        assert (play.min, play.max, play.interval) == (0, 3, 500)

    def test_its_text_and_its_bundle(self):
        data, _ = self.walk()._repr_mimebundle_()
        assert data["text/plain"] == "Stepper(step=0, count=4)"
        assert set(data) >= {"image/png", "application/vnd.jupyter.widget-view+json"}

    def test_one_step_is_enough(self):
        assert repr(self.walk(count=1)) == "Stepper(step=0, count=1)"

    def test_a_step_outside_is_refused(self):
        with pytest.raises(ValueError, match="step = 4; give a number from 0 to 3"):
            self.walk().go_to(4)

    @pytest.mark.parametrize("count", [0, 3])
    def test_count_and_labels_have_to_agree(self, count):
        with pytest.raises(ValueError, match=f"count = {count}"):
            Stepper(self.draw, count, labels=["one", "two"])


class TestControls:
    def test_whole_numbers_stay_whole(self):
        control = slider(3, 1, 5, 1)
        assert control.steps == [1, 2, 3, 4, 5]
        control.value = 4.0
        assert control.value == 4 and isinstance(control.value, int)

    @pytest.mark.parametrize(
        ("step", "text"), [(0.25, "0.25"), (0.1, "0.1"), (1e-3, "0.001"), (2.0, "2")]
    )
    def test_texts_have_the_digits_of_a_step(self, step, text):
        control = slider(0.0, 0.0, 4.0, step)
        assert control.texts[1] == text
        assert len(set(map(len, control.texts))) == 1

    def test_a_log_slider_covers_powers_of_ten_in_two_digits(self):
        control = log_slider(0.01, 1e-4, 1.0)
        assert control.steps[:5] == [1e-4, 1.3e-4, 1.6e-4, 2e-4, 2.5e-4]
        assert len(control.steps) == 41
        set_value(control, "lr", 1.0)
        assert (control.value, control.index) == (1.0, 40)

    @pytest.mark.parametrize(
        "control", [slider(0.0, -1.0, 1.0, 0.07), log_slider(0.1, 3e-5, 7.0, steps=20)]
    )
    def test_each_text_is_its_number_and_both_ends_are_reached(self, control):
        """The text is what a screen reader says."""
        for place, text in enumerate(control.texts):
            control.index = place
            assert float(text) == control.value
        assert (control.steps[0], control.steps[-1]) in [(-1.0, 1.0), (3e-5, 7.0)]
        assert control.steps == sorted(set(control.steps))

    def test_a_number_between_two_steps_becomes_a_step(self):
        control = log_slider(0.1, 0.01, 1.0)
        set_value(control, "lr", 0.1037)
        assert control.value == 0.1037
        assert control.texts[control.index] == "0.1037"
        control.index += 1
        assert control.value == 0.13

    def test_a_value_beyond_the_ends_is_refused_by_the_control_itself(self):
        control = slider(0.1, 0.0, 1.0, 0.1)
        with pytest.raises(TraitError, match="give a number from 0 to 1"):
            control.value = 1.5
        assert (control.value, control.index) == (0.1, 1)

    def test_a_choice_may_have_texts(self):
        control = choice(2, [("one", 1), ("two", 2)])
        set_value(control, "k", 1)
        assert control.value == 1

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: slider(2.0, 0.0, 1.0, 0.1), "value = 2.0; it must lie from"),
            (lambda: slider(0.0, 1.0, 0.0, 0.1), "low must be below high"),
            (lambda: slider(0.0, 0.0, 1.0, 0.0), "step = 0.0; it must be above 0"),
            (lambda: log_slider(0.1, 0.0, 1.0), "low = 0.0; powers of ten"),
            (lambda: log_slider(0.1, 0.1, 1.0, steps=21), "steps = 21; two digits"),
            (lambda: choice("c", ["a", "b"]), r"not among the options \['a', 'b'\]"),
        ],
    )
    def test_an_impossible_control_is_refused(self, make, message):
        with pytest.raises(ValueError, match=message):
            make()

    @pytest.mark.parametrize(
        ("control", "value"),
        [
            (slider(0.5, 0.0, 1.0, 0.1), 1.5),
            (slider(0.5, 0.0, 1.0, 0.1), "half"),
            (log_slider(0.1, 0.01, 1.0), 0.0),
            (choice("a", ["a", "b"]), "c"),
            (switch(), 2),
        ],
    )
    def test_a_value_out_of_range_is_refused_and_nothing_set(self, control, value):
        before = control.value
        with pytest.raises(ValueError, match="k = .*; give"):
            set_value(control, "k", value)
        assert control.value == before
