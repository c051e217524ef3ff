"""The numbers and names that the rules hold chapters to, in one place."""

from tools.course import FOLDED

COURSE = (
    "00_the_five_lines",
    "01_scalars",
    "02_tensors",
    "03_backward",
    "04_zero_grad",
    "05_optimizer",
    "06_sgd",
    "07_adaptive",
    "08_networks",
    "09_schedulers",
    "10_checkpoints",
    "11_closures",
    "12_lbfgs",
    "13_devices",
    "14_fast_steps",
    "15_many_machines",
    "16_museum",
    "17_reading_pytorch",
)
REBUILDING = frozenset({*range(1, 13), 14, 15})  # they make a piece of PyTorch again
LAST = len(COURSE) - 1

FIVE_LINES = (
    "optimizer.zero_grad()",
    "criterion(model(inputs), targets)",
    "loss.backward()",
    "optimizer.step()",
    "scheduler.step()",
)

CELLS = (40, 70)
PROSE_WORDS = (1700, 2500)
CODE_LINES = (120, 220)  # that a reader must understand: folded cells do not count
EXERCISES = (4, 6)
BULLETS_TO_KEEP = (4, 6)
MEDIAN_CELL_LINES = (3, 7)

MOST_BYTES = 400_000
MOST_CELL_LINES = 25
USUAL_CELL_LINES = 12  # held by USUAL_SHARE of the code cells, imports and stubs
USUAL_SHARE = 0.9
MOST_COLUMNS = 79  # of a worked solution; ruff measures the cells
MOST_FORMULAS_IN_A_ROW = 5
MOST_DIGITS = 4
FEWEST_CAPTION_WORDS = 8

LIVE_FIGURES = ("LiveFigure(", "Stepper(")
TAGS = frozenset({"measured", FOLDED})
