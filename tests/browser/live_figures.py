"""Using a live figure by hand: each change must bring a new picture.

With this module one can: list the controls of a live figure (`controls`), press keys on
one and drag it (`use`), ask what a screen reader is told (`spoken`), and walk a stepper
(`walk`).
"""

import math

from playwright.sync_api import TimeoutError as TooLate

from helpers.viz.picture import FAILED

PATIENCE = 15_000  # milliseconds until a picture counts as missing
KEYS = {  # to and fro; JupyterLab keeps the arrows of a list until it is open
    "slider": ["PageUp", "PageDown", "End", "Home", "ArrowRight", "ArrowLeft"],
    "switch": ["Space"],
    "choice": ["Space ArrowDown Enter", "Space ArrowUp Enter"],
}
COUNT_PICTURES = """cell => {
    window.newPictures = 0;
    const image = cell.querySelector("img.widget-image");
    const pixels = () => {
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const context = canvas.getContext("2d", {willReadFrequently: true});
        context.drawImage(image, 0, 0);
        const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
        return new Uint32Array(data.buffer).reduce((sum, pixel, place) =>
            (sum + pixel * (place % 8191 + 1)) % 2147483647, 0);
    };
    let shown = pixels();
    image.addEventListener("load", () => {
        if (shown !== (shown = pixels())) window.newPictures += 1;
    });
}"""
NAME = """control => {
    const widget = control.closest(".spoken-slider, .jupyter-widgets");
    const labels = [...widget.querySelectorAll("label")].map(label => label.innerText);
    return labels.find(text => /\\w/.test(text)) || widget.innerText || widget.title;
}"""
VALUE = """control => `${control.checked} ${control.value}`"""
SHOWN = """slider => slider.closest(".spoken-slider")
    .querySelector(".spoken-slider-text").innerText"""
CONTROLS = {
    "slider": "input[type=range]",
    "switch": "input[type=checkbox]",
    "choice": "select",
}


class NoNewPicture(AssertionError):
    """A control moved and the picture stayed."""


def controls(cell) -> list:
    """The sliders, switches and choices of a live figure: pairs of kind and locator."""
    return [
        (kind, handle)
        for kind, selector in CONTROLS.items()
        for handle in cell.locator(selector).all()
    ]


def name_of(handle) -> str:
    """The label that a reader sees beside a control, or on a button."""
    return " ".join(handle.evaluate(NAME).split())


def use(page, cell, kind: str, handle) -> None:
    """Change this control by keyboard, to and fro, and a slider by dragging too.

    Raises: NoNewPicture if a change brings none; AssertionError if drawing it failed,
        or if the control does not move.
    """
    cell.locator("img.widget-image").wait_for(timeout=PATIENCE)
    cell.evaluate(COUNT_PICTURES)
    hand = Hand(page, cell, handle)
    hand.by_keyboard(kind)
    if kind == "slider":
        hand.by_dragging()


def spoken(page, handle) -> dict:
    """What a screen reader is told of a slider: its role, its name, the value's text.

    Role and name are Chromium's; its tools keep the text to themselves, so that is the
    attribute that screen readers say in place of the number.
    """
    handle.evaluate("slider => { window.asked = slider }")
    session = page.context.new_cdp_session(page)
    found = session.send("Runtime.evaluate", {"expression": "window.asked"})
    told = session.send(
        "Accessibility.getPartialAXTree",
        {"objectId": found["result"]["objectId"], "fetchRelatives": False},
    )["nodes"][0]
    session.detach()
    return {
        "role": told["role"]["value"],
        "name": told["name"]["value"],
        "value": handle.get_attribute("aria-valuetext"),
    }


def walk(page, cell) -> None:
    """Walk a stepper with its buttons, then let it play, and pause.

    Raises: NoNewPicture for the button that changes nothing.
    """
    cell.evaluate(COUNT_PICTURES)
    cell.get_by_role("button", name="first").click()
    page.wait_for_timeout(500)  # the picture stays if it was the first
    for name in ("forward", "back"):
        hand = Hand(page, cell, cell.get_by_role("button", name=name))
        hand.handle.focus()
        hand.expect_picture(lambda: page.keyboard.press("Enter"), "Enter")
    play = cell.locator(".widget-play button").first
    hand = Hand(page, cell, play)
    hand.expect_picture(play.click, "play")
    hand.expect_picture(lambda: None, "playing on")
    play.click()


class Hand:
    """Moves one control of one figure and waits for the picture each time."""

    def __init__(self, page, cell, handle):
        self.page, self.cell, self.handle = page, cell, handle
        self.name = name_of(handle)

    def value(self) -> str:
        """What the control is set to, as the page has it."""
        return self.handle.evaluate(VALUE)

    def by_keyboard(self, kind):
        """Change it by each of its keys, twice: a slider may stand at its end."""
        moved = {
            keys
            for keys in KEYS[kind] * 2
            if self.change(lambda keys=keys: self.press(keys), keys)
        }
        idle = [keys for keys in KEYS[kind] if keys not in moved]
        assert not idle, f"{self.name}: these keys change nothing: {idle}"

    def press(self, keys):
        """Press keys on it, given in one string, one after the other."""
        self.handle.focus()
        for key in keys.split():
            self.page.keyboard.press(key)

    def by_dragging(self):
        """Drag along the whole slider."""
        box, mouse = self.handle.bounding_box(), self.page.mouse
        middle = box["y"] + box["height"] / 2
        places = [box["x"] + box["width"] * part for part in (0.35, 0.2, 0.5, 0.8)]
        mouse.move(places[0], middle)
        moved = [self.change(mouse.down, "pressing the mouse")]
        moved += [
            self.change(lambda x=x: mouse.move(x, middle), "dragging")
            for x in places[1:]
        ]
        mouse.up()
        assert any(moved), f"{self.name}: dragging changes nothing"

    def change(self, action, label) -> bool:
        """Do it, and wait for a new picture if the control's value changed."""
        value, count = self.value(), self.pictures()
        action()
        if self.value() == value:
            return False
        self._await_picture(count, label)
        self._refuse_wrong_words(label)
        return True

    def expect_picture(self, action, label):
        """Do it, and wait for a new picture whatever the control's value is."""
        count = self.pictures()
        action()
        self._await_picture(count, label)

    def pictures(self) -> int:
        """How many new pictures have been shown."""
        return self.page.evaluate("() => window.newPictures")

    def _await_picture(self, count, label):
        script = "count => window.newPictures > count"
        try:
            self.page.wait_for_function(script, arg=count, timeout=PATIENCE)
        except TooLate:
            raise NoNewPicture(
                f"{self.name}: no new picture {PATIENCE / 1000:g} s after {label}"
            ) from None
        self._refuse_failed_drawing(label)

    def _refuse_wrong_words(self, label):
        """Raise AssertionError if a slider does not say the number that it shows."""
        if not self.handle.evaluate("control => control.type === 'range'"):
            return
        told, shown = spoken(self.page, self.handle), self.handle.evaluate(SHOWN)
        wanted = {"role": "slider", "name": self.name, "value": shown}
        if told != wanted or not math.isfinite(float(shown)):
            raise AssertionError(
                f"{self.name}: after {label} a screen reader is told {told}, "
                f"and the page shows {shown!r}"
            )

    def _refuse_failed_drawing(self, label):
        """Raise AssertionError if what the picture shows is why it was not drawn."""
        failed = self.cell.locator(f"img.{FAILED}")
        if failed.count():
            raise AssertionError(
                f"{self.name}: drawing failed after {label}: "
                f"{failed.first.get_attribute('title')}"
            )
