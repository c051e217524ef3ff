"""What Binder builds is what pip installs; repo2docker would take the steps meant."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# conda-forge's name for a package, where it is not pip's
PIP_NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}
# REPO2DOCKER names one that is not in PATH
REPO2DOCKER = os.environ.get("REPO2DOCKER") or shutil.which("jupyter-repo2docker")


def lines_of(name):
    """The lines of a file that are neither empty nor comments, without comments."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    bare = [line.partition("#")[0].rstrip() for line in lines]
    return [line for line in bare if line]


def pip_packages():
    """Name to bounds, as requirements.txt has them."""
    lines = [line for line in lines_of("requirements.txt") if not line.startswith("-")]
    return dict(re.fullmatch(r"([\w-]+)(\S*)", line).groups() for line in lines)


def conda_packages():
    """Name to bounds, as environment.yml has them, with conda's own names."""
    text = "\n".join(lines_of("environment.yml"))
    items = re.findall(r"^ +- ([\w-]+)((?:[<>=].*)?)$", text, re.MULTILINE)
    return {name: bounds for name, bounds in items if name not in ("-e", "nodefaults")}


def test_the_two_lists_agree():
    conda = conda_packages()
    for only_there in ("python", "pip", "conda-forge"):
        del conda[only_there]
    renamed = {PIP_NAMES.get(name, name): bounds for name, bounds in conda.items()}
    assert renamed == pip_packages()


@pytest.mark.parametrize("name", sorted(pip_packages()))
def test_each_package_has_a_floor_and_a_ceiling(name):
    floor, ceiling = re.fullmatch(
        r">=([\d.]+),<([\d.]+)", pip_packages()[name]
    ).groups()
    assert float(floor.split(".")[0]) < float(ceiling)


def test_both_install_helpers_from_this_folder():
    assert "-e ." in lines_of("requirements.txt")
    assert "      - -e ." in lines_of("environment.yml")


def test_python_is_pinned_to_one_that_is_supported():
    minor = re.fullmatch(r"=3\.(\d+)", conda_packages()["python"]).group(1)
    assert 10 <= int(minor) <= 13


def test_pytorch_is_the_cpu_build_from_conda_forge():
    lines = lines_of("environment.yml")
    channels = lines[lines.index("channels:") + 1 : lines.index("dependencies:")]
    assert [line.strip(" -") for line in channels] == ["conda-forge", "nodefaults"]
    assert "pytorch-cpu" in conda_packages()
    assert not {"pytorch", "torch", "pytorch-gpu"} & set(conda_packages())


def test_nothing_stands_in_environment_ymls_way():
    """repo2docker prefers these to environment.yml, or adds them to it."""
    others = ("binder", ".binder", "Dockerfile", "postBuild", "start", "apt.txt")
    assert [name for name in others if (ROOT / name).exists()] == []


@pytest.mark.skipif(not REPO2DOCKER, reason="jupyter-repo2docker is not installed")
def test_repo2docker_would_take_the_steps_meant(tmp_path):
    """On a copy of the files that decide: it builds conda's environment from them."""
    for name in ("environment.yml", "requirements.txt", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    command = [REPO2DOCKER, "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    python = conda_packages()["python"].lstrip("=")
    assert f"Building conda environment for python={python}" in said
    copy = said.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    install = said.index('env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"')
    assert copy < install, "helpers must be there when pip installs it"
    assert "requirements.txt" not in said[copy:]
