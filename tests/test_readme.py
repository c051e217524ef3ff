"""The README and CONTRIBUTING promise only what is there."""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import torch

from helpers.loop.doctor import KEYS
from tools.picture import PICTURE, picture

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "CONTRIBUTING.md")
TARGETS = set(
    re.findall(r"^([a-z-]+):.*  ## ", (ROOT / "Makefile").read_text("utf-8"), re.M)
)


def text_of(page):
    """The text of a page at the top of the repository."""
    return (ROOT / page).read_text(encoding="utf-8")


def test_links_lead_to_files():
    links = re.findall(r"\]\(([^)]+)\)", text_of("README.md"))
    inside = [link for link in links if not urlsplit(link).scheme]
    assert len(inside) >= 4
    assert [link for link in inside if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_make_commands_exist(page):
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)\b", " ".join(code_in(page))))
    assert named and named <= TARGETS


def code_in(page):
    """What stands in code type on a page: blocks and inline."""
    return re.findall(r"```.*?```|`[^`\n]+`", text_of(page), re.DOTALL)


def test_contributing_lists_every_command():
    rows = re.findall(r"^\| `make ([a-z-]+)` \|", text_of("CONTRIBUTING.md"), re.M)
    assert set(rows) == TARGETS - {"help"}


@pytest.mark.parametrize("page", PAGES)
def test_files_named_in_code_type_exist(page):
    made_later = (".venv", ".progress/", ".screenshots/", ".benchmarks/")
    names = {name.strip("`").replace("_NN", "_00") for name in code_in(page)}
    paths = {n for n in names if re.fullmatch(r"[\w./]+(/|\.\w+)", n)}
    paths = {path for path in paths if not path.startswith(made_later)}
    assert paths
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_the_one_minute_check_prints_what_it_says():
    pattern = r"```python\n(from helpers.*?)```\n```\n(.*?)```"
    code, output = re.search(pattern, text_of("README.md"), re.DOTALL).groups()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert printed.getvalue() == output


def test_the_script_of_ones_own_runs_and_goes_on(tmp_path, monkeypatch):
    section = text_of("README.md").partition("## In a script of your own")[2]
    blocks = re.findall(r"```python\n(.*?)```", section.partition("\n## ")[0], re.S)
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    first, second = {}, {}
    exec("\n".join(blocks), first)
    exec("\n".join(blocks), second)  # finds the checkpoint: nothing is left to train
    losses = first["history"].loss
    assert len(losses) == 5 and losses[-1] < losses[0]
    assert second["history"].loss == losses


def test_the_loop_doctor_reports_what_is_shown(tmp_path):
    section = text_of("README.md").partition("## What is wrong with my loop?")[2]
    pattern = r"```python\n(.*?)```.*?`python (-m [^`]+)`.*?```\n(.*?)```"
    code, command, report = re.search(pattern, section, re.DOTALL).groups()
    (tmp_path / "train.py").write_text(code)
    result = subprocess.run(
        [sys.executable, *command.split()],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert result.stderr == report
    assert f"It knows {len(KEYS)} mistakes" in section


def test_the_table_lists_the_chapters_that_exist():
    linked = re.findall(r"\]\(chapters/(\w+\.ipynb)\)", text_of("README.md"))
    assert linked == [path.name for path in sorted((ROOT / "chapters").glob("*.ipynb"))]


def test_the_picture_is_the_one_of_chapter_00():
    """Not so? Then type: python -m tools.picture."""
    assert PICTURE.relative_to(ROOT).as_posix() in text_of("README.md")
    assert PICTURE.read_bytes() == picture()


def test_the_badge_opens_chapter_00_in_jupyterlab():
    address = re.search(r"\]\((https://mybinder[^)]+urlpath[^)]+)\)", text_of(PAGES[0]))
    parts = urlsplit(address.group(1))
    assert re.fullmatch(r"/v2/gh/[\w-]+/backward-and-step/HEAD", parts.path)
    (place,) = parse_qs(parts.query)["urlpath"]
    lab, tree, notebook = place.split("/", 2)
    assert (lab, tree) == ("lab", "tree")
    assert notebook == "chapters/00_the_five_lines.ipynb"
    assert (ROOT / notebook).exists()
