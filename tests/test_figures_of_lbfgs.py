"""The live figure of chapter 12 can be drawn at each of its steps."""

from pathlib import Path

import nbformat
import pytest
import torch

CHAPTER = Path(__file__).resolve().parents[1] / "chapters" / "12_lbfgs.ipynb"


@pytest.fixture
def stepper():
    """Figure 12.1, from the chapter's cells down to it."""
    dtype, names = torch.get_default_dtype(), {}
    for cell in nbformat.read(CHAPTER, as_version=4).cells:
        if cell.cell_type == "code" and "stepper" not in names:
            exec(cell.source, names)
    yield names["stepper"]
    torch.set_default_dtype(dtype)


def test_each_step_is_drawn_where_the_hessian_is_indefinite_too(stepper):
    failed = {}
    for step in range(stepper.state()["count"]):
        stepper.go_to(step)
        if stepper.error is not None:
            failed[step] = stepper.error
    assert failed == {}
