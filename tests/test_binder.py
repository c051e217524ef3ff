"""What Binder builds is what pip installs; repo2docker would take the steps meant."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# REPO2DOCKER names one that is not in PATH
REPO2DOCKER = os.environ.get("REPO2DOCKER") or shutil.which("jupyter-repo2docker")


def lists():
    """The lists of environment.yml by their names, without comments."""
    text = re.sub(r"#.*", "", (ROOT / "environment.yml").read_text("utf-8"))
    return {
        name: re.findall(r"^ +- (\S+)$", items, re.MULTILINE)
        for name, items in re.findall(r"^(\w+):\n((?: +.*\n)+)", text, re.MULTILINE)
    }


def test_conda_brings_a_supported_python_and_uv_alone():
    python, uv = lists()["dependencies"]
    assert 10 <= int(re.fullmatch(r"python=3\.(\d+)", python).group(1)) <= 13
    assert uv == "uv"
    assert lists()["channels"] == ["conda-forge", "nodefaults"]


@pytest.mark.skipif(os.name == "nt", reason="Binder runs on Linux")
def test_the_packages_are_the_exact_ones_with_pytorchs_cpu_build(tmp_path):
    """postBuild runs as it is, with a uv that only says how it was called."""
    assert os.access(ROOT / "postBuild", os.X_OK)
    for name, text in {"uv": 'printf "%s\\n" "$@"', "python": ""}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    path = os.pathsep.join((str(tmp_path), os.environ["PATH"]))
    said = subprocess.check_output(
        ROOT / "postBuild", env={**os.environ, "PATH": path}, text=True
    )
    python = str(tmp_path / "python")
    assert said.split() == [
        *("pip", "install", "--no-cache", "--python", python, "--torch-backend=cpu"),
        *("-r", "requirements.txt", "-c", "constraints.txt"),
    ]


def test_nothing_stands_in_their_way():
    """repo2docker prefers these to environment.yml, or adds them to it."""
    others = ("binder", ".binder", "Dockerfile", "start", "apt.txt")
    assert [name for name in others if (ROOT / name).exists()] == []


@pytest.mark.skipif(not REPO2DOCKER, reason="jupyter-repo2docker is not installed")
def test_repo2docker_would_take_the_steps_meant(tmp_path):
    """On a copy of the files that decide: conda's environment, the files, postBuild."""
    for name in ("environment.yml", "postBuild", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    command = [REPO2DOCKER, "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    python = lists()["dependencies"][0].removeprefix("python=")
    assert f"Building conda environment for python={python}" in said
    conda = said.index('env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"')
    copy = said.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    packages = said.index("RUN ./postBuild")
    assert conda < copy < packages, "helpers must be there when uv installs it"
    assert "requirements.txt" not in said[conda:]
