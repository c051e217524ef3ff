"""The loop doctor's command: what it runs, prints and returns."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRAIN = """
import sys, torch
torch.manual_seed(0)
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for _ in range(4):
    model(torch.ones(4, 2)).square().mean().backward()
    optimizer.step()
print(sys.argv[1], model.weight.tolist())
"""


def run(tmp_path, source, *options):
    """Run the command on a script of this source."""
    script = tmp_path / "train.py"
    script.write_text(source)
    return run_command(*options, str(script), "a")


def run_command(*arguments, folder=ROOT):
    """Run the command in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "helpers.loop.doctor", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )


def test_command_runs_a_module_as_python_m_does(tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "lines.py").write_text(TRAIN)
    (package / "train.py").write_text("from .lines import sys\nprint(sys.argv)\n")
    result = run_command("-m", "package.train", "--lr", "1", folder=tmp_path)
    assert result.returncode == 0
    assert f"[{str(package / 'train.py')!r}, '--lr', '1']" in result.stdout
    assert f"zero-grad-missing  at {Path('package', 'lines.py')}:" in result.stderr


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "torch was not imported"),
        ("import torch", "no optimizer made a step"),
        (
            TRAIN.replace("    model", "    optimizer.zero_grad(); model"),
            "in 4 steps of SGD",
        ),
    ],
    ids=["no torch", "no step", "healthy"],
)
def test_a_report_without_findings_says_what_was_watched(tmp_path, source, words):
    assert words in run(tmp_path, source).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name the script to watch"),
        (("no_such_file.py",), "there is no file 'no_such_file.py'"),
        (("--no-such-option", "x.py"), "unrecognized arguments: --no-such-option"),
    ],
)
def test_command_says_what_it_cannot_read(arguments, words):
    result = run_command(*arguments)
    assert result.returncode == 2
    assert words in result.stderr


def test_command_reports_on_stderr_and_leaves_stdout_to_the_script(tmp_path):
    result = run(tmp_path, TRAIN)
    alone = subprocess.run(
        [sys.executable, str(tmp_path / "train.py"), "a"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0
    assert result.stdout == alone.stdout
    assert "1. zero-grad-missing" in result.stderr


def test_command_as_json_keeps_the_exit_status(tmp_path):
    result = run(tmp_path, TRAIN + "sys.exit(7)\n", "--json")
    assert result.returncode == 7
    last = [line for line in result.stdout.splitlines() if line.strip()][-1]
    (finding,) = json.loads(last)["findings"]
    assert set(finding) == {"key", "line", "file", "confidence", "text"}
    assert finding["key"] == "zero-grad-missing"
    assert finding["line"] == 7


def test_command_tells_what_was_seen_before_an_interrupt(tmp_path):
    result = run(tmp_path, TRAIN + "raise KeyboardInterrupt\n", "--json")
    assert result.returncode == -2
    assert "KeyboardInterrupt" in result.stderr
    assert '"zero-grad-missing"' in result.stdout
