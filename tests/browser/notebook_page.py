"""A notebook in JupyterLab, opened and used as a reader does.

With this module one can: open a notebook (`NotebookPage.open`), see whether that alone
marked it as changed (`changed_by_opening`), close its tab (`close_tab`), run it
(`run_all`), find what it shows (`errors`, `cells_with`, `cell`), change the theme
(`theme`) and look at all of it, with photographs on demand (`look_through`). Cells are
numbered from 1, as the rules number them.
"""

import shutil
from pathlib import Path

from playwright.sync_api import TimeoutError as TooLate
from watch import Watch

from tools.course import ROOT

SCREENSHOTS = ROOT / ".screenshots"
MOST_SECONDS = 300  # for all cells of a chapter
POP_UPS = ".Toastify__toast, .jp-Dialog"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
NOTEBOOK = "jupyterapp.shell.currentWidget"
KERNEL_IS_READY = f"""() => {{
    const kernel = {NOTEBOOK}?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}}"""
CHANGED = f"""async () => {{
    await {NOTEBOOK}.sessionContext.session.kernel.info;
    await new Promise(resolve => setTimeout(resolve, 500));
    return {NOTEBOOK}.context.model.dirty;
}}"""
ASKS = """() => document.querySelector(".jp-Dialog") !== null"""
IS_CLOSED = """() => document.querySelector(".jp-NotebookPanel") === null"""
RUN_ALL = """seconds => Promise.race([
    jupyterapp.commands.execute("notebook:run-all-cells"),
    new Promise((_, fail) => setTimeout(
        () => fail(new Error(`the cells ran for over ${seconds} s`)), 1000 * seconds)),
])"""
ERRORS = f"""() => {NOTEBOOK}.content.widgets.flatMap((cell, index) =>
    (cell.model.toJSON().outputs ?? [])
        .filter(output => output.output_type === "error" || output.name === "stderr")
        .map(output => `cell ${{index + 1}}: ` +
            (output.text ?? `${{output.ename}}: ${{output.evalue}}`)))"""
CELLS_WITH = f"""kind => {NOTEBOOK}.content.widgets.flatMap((cell, index) =>
    (cell.model.toJSON().outputs ?? []).some(output => kind in (output.data ?? {{}}))
        ? [index + 1] : [])"""
BRING_INTO_VIEW = f"""async number => {{
    const cell = {NOTEBOOK}.content.widgets[number - 1];
    await {NOTEBOOK}.content.scrollToCell(cell);
    cell.node.dataset.number = number;
}}"""
ACTIVATE = f"""number => {{ {NOTEBOOK}.content.activeCellIndex = number - 1 }}"""
SCROLL = f"""top => {{
    const panel = {NOTEBOOK}.content.outerNode ?? {NOTEBOOK}.content.node;
    panel.scrollTop = top;
    return [panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 2,
            panel.clientHeight];
}}"""
PICTURES_ARE_LOADED = f"""() => [...{NOTEBOOK}.node.querySelectorAll("img")]
    .every(image => image.complete)"""
EMPTY_PICTURES = f"""() => [...{NOTEBOOK}.node.querySelectorAll("img")]
    .filter(image => !image.complete || !image.naturalWidth)
    .map(image => image.src.slice(0, 80))"""


class Asked(Exception):
    """A dialog is open where a reader expects the notebook."""


class NotebookPage:
    """A notebook in a browser page, with its kernel, until `close`.

    Args:
        browser: Playwright's browser; the page gets a profile of its own.
        address: of the notebook, with the server's token.
        seconds: how long it may take to open.

    Raises: AssertionError with what the page says, if the notebook does not open.
    """

    def __init__(self, browser, address: str, seconds: float = 60):
        self.name = Path(address.partition("?")[0]).stem
        self.context = browser.new_context(viewport={"width": 1280, "height": 1000})
        self.page = self.context.new_page()
        self.watch = Watch(self.page)
        try:
            self.open(address, 1000 * seconds)
        except (TooLate, Asked):
            asked = " ".join(" ".join(self.pop_ups()).split()) or "nothing"
            troubles = "; ".join(self.watch.troubles) or "none"
            self.context.close()
            raise AssertionError(
                f"{self.name} did not open (within {seconds} s). "
                f"The page asks: {asked}. Its troubles: {troubles}"
            ) from None

    def open(self, address, milliseconds):
        """Load JupyterLab with only this notebook, until its kernel waits for work."""
        self.page.goto(address + "&reset", timeout=milliseconds)
        self.page.wait_for_selector(".jp-Notebook", timeout=milliseconds)
        # The visible light turns idle too early: a kernel may not be connected yet.
        script = f"() => ({KERNEL_IS_READY})() || ({ASKS})()"
        self.page.wait_for_function(script, timeout=milliseconds)
        if self.page.evaluate(ASKS):
            raise Asked
        self.changed_by_opening = self.page.evaluate(CHANGED)

    def pop_ups(self) -> list[str]:
        """What messages and dialogs on the page say."""
        return self.page.locator(POP_UPS).all_inner_texts()

    def close(self):
        """End the kernel and the page, saving nothing."""
        self.watch.stop()
        self.page.evaluate(f"() => {NOTEBOOK}?.sessionContext?.shutdown()")
        self.context.close()

    def close_tab(self) -> list[str]:
        """Close the notebook's tab as a reader does; what dialogs ask then."""
        self.page.evaluate("() => { jupyterapp.commands.execute('application:close') }")
        self.page.wait_for_function(f"() => ({IS_CLOSED})() || ({ASKS})()")
        return self.page.locator(".jp-Dialog").all_inner_texts()

    def command(self, name: str, **arguments):
        """Carry out a command of JupyterLab and wait for its end."""
        script = "([name, arguments]) => jupyterapp.commands.execute(name, arguments)"
        self.page.evaluate(
            f"async pair => {{ await ({script})(pair) }}", [name, arguments]
        )

    def run_all(self):
        """Run all cells, cleared; stops at one that raises, as JupyterLab does."""
        self.command("notebook:clear-all-cell-outputs")
        self.page.evaluate(
            f"async seconds => {{ await ({RUN_ALL})(seconds) }}", MOST_SECONDS
        )
        self.page.wait_for_function(KERNEL_IS_READY, timeout=60_000)

    def run_cell(self, number: int):
        """Run one cell again: its live figure starts anew."""
        self.page.evaluate(ACTIVATE, number)
        self.command("notebook:run-cell")
        self.page.wait_for_function(KERNEL_IS_READY, timeout=60_000)

    def errors(self) -> list[str]:
        """What raised or warned, each with the number of its cell."""
        return self.page.evaluate(ERRORS)

    def cells_with(self, kind: str) -> list[int]:
        """The numbers of the cells whose outputs have this MIME type."""
        return self.page.evaluate(CELLS_WITH, kind)

    def cell(self, number: int):
        """The cell with this number, scrolled into view, as a Playwright locator."""
        self.page.evaluate(BRING_INTO_VIEW, number)
        return self.page.locator(f'.jp-Cell[data-number="{number}"]')

    def theme(self, dark: bool):
        """Change to JupyterLab's dark or light theme."""
        name = "JupyterLab Dark" if dark else "JupyterLab Light"
        self.command("apputils:change-theme", theme=name)
        light = str(not dark).lower()
        body = f'body[data-jp-theme-light="{light}"]'
        self.page.wait_for_selector(body, state="attached")
        self.page.wait_for_timeout(300)  # styles load after the body says so

    def empty_pictures(self) -> list[str]:
        """The addresses of pictures that show nothing."""
        return self.page.evaluate(EMPTY_PICTURES)

    def look_through(self, label: str | None = None) -> list[str]:
        """Scroll through the whole notebook; the pictures on the way that show nothing.

        Args:
            label: the name of a folder that gets a photograph of each page, and of each
                figure. They are for people: no test looks at them.
        """
        folder = label and self._photograph_figures(label)
        panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        empty, top, ended, count = {}, 0, False, 0
        while not ended:
            ended, height = self.page.evaluate(SCROLL, top)
            self.page.wait_for_function(PICTURES_ARE_LOADED)
            empty |= dict.fromkeys(self.empty_pictures())
            count += 1
            if folder:
                panel.screenshot(path=folder / f"page-{count:02d}.png")
            top += height
        return list(empty)

    def _photograph_figures(self, label) -> Path:
        folder = SCREENSHOTS / self.name / label
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for number in self.cells_with("image/png"):
            self.cell(number).screenshot(
                path=folder / f"figure-in-cell-{number:02d}.png"
            )
        return folder
