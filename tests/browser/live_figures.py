"""Using a live figure by hand: each change must bring a new picture.

With this module one can: list the controls of a live figure (`controls`), press keys on
one and drag it (`use`), and walk a stepper (`walk`).
"""

from playwright.sync_api import TimeoutError as TooLate

from helpers.viz.picture import FAILED

PATIENCE = 15_000  # milliseconds until a picture counts as missing
KEYS = {  # to, and fro; JupyterLab keeps the arrows for itself until a list is open
    "slider": ["ArrowRight", "ArrowLeft"],
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
    const widget = control.closest(".jupyter-widgets");
    const labels = [...widget.querySelectorAll("label")].map(label => label.innerText);
    return labels.find(text => /\\w/.test(text)) || widget.innerText || widget.title;
}"""
VALUE = """control => control.closest(".noUi-origin")?.style.transform
    ?? `${control.checked} ${control.value}`"""
CONTROLS = {
    "slider": ".noUi-handle",
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
        """Change it by keys, to, fro and to again: a slider may stand at its end."""
        moved = [
            self.change(lambda keys=keys: self.press(keys), keys)
            for keys in KEYS[kind] * 2
        ]
        assert sum(moved) >= 2, f"{self.name}: keys change nothing"

    def press(self, keys):
        """Press keys on it, given in one string, one after the other."""
        self.handle.focus()
        for key in keys.split():
            self.page.keyboard.press(key)

    def by_dragging(self):
        """Drag along the whole slider."""
        track = self.handle.locator("xpath=ancestor::*[contains(@class,'noUi-base')]")
        box, grip = track.bounding_box(), self.handle.bounding_box()
        middle = grip["y"] + grip["height"] / 2
        mouse = self.page.mouse
        mouse.move(grip["x"] + grip["width"] / 2, middle)
        mouse.down()
        places = [box["x"] + box["width"] * part for part in (0.2, 0.5, 0.8)]
        moved = [
            self.change(lambda x=x: mouse.move(x, middle), "dragging") for x in places
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

    def _refuse_failed_drawing(self, label):
        """Raise AssertionError if what the picture shows is why it was not drawn."""
        failed = self.cell.locator(f"img.{FAILED}")
        if failed.count():
            raise AssertionError(
                f"{self.name}: drawing failed after {label}: "
                f"{failed.first.get_attribute('title')}"
            )
