"""requirements.txt gives ranges; constraints.txt one version inside of each."""

import itertools
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix"},
    "darwin": {"sys_platform": "darwin", "os_name": "posix"},
    "win32": {"sys_platform": "win32", "os_name": "nt"},
}


def lines_of(name):
    """The lines of a file that are neither empty nor comments, without comments."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    bare = [line.partition("#")[0].strip() for line in lines]
    return [line for line in bare if line]


REQUIREMENTS = [Requirement(line) for line in lines_of("requirements.txt")[:-1]]
PINS = [Requirement(line) for line in lines_of("constraints.txt")]


def test_the_last_line_installs_helpers_from_this_folder():
    assert lines_of("requirements.txt")[-1] == "-e ."


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda each: each.name)
def test_each_range_has_a_floor_and_a_ceiling(requirement):
    floor, ceiling = re.fullmatch(
        r"<([\d.]+),>=([\d.]+)", str(requirement.specifier)
    ).group(2, 1)
    assert float(floor.split(".")[0]) < float(ceiling)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("minor", [10, 11, 12, 13])
def test_each_requirement_has_one_exact_version_in_its_range(minor, system):
    machine = {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0"}
    there = {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in PINS
        if not pin.marker or pin.marker.evaluate({**SYSTEMS[system], **machine})
    }
    for requirement in REQUIREMENTS:
        assert requirement.specifier.contains(
            there[canonicalize_name(requirement.name)]
        )


def test_each_line_of_the_constraints_is_one_version():
    assert [
        str(pin) for pin in PINS if not re.match(r"==[\w.]+$", str(pin.specifier))
    ] == []


def test_no_package_has_two_versions_on_one_machine():
    for system, minor in itertools.product(SYSTEMS.values(), range(10, 14)):
        version = {
            "python_full_version": f"3.{minor}.7",
            "python_version": f"3.{minor}",
        }
        names = [
            pin.name
            for pin in PINS
            if not pin.marker or pin.marker.evaluate({**system, **version})
        ]
        assert len(names) == len(set(names))


def test_pytorch_is_the_one_that_make_constraints_holds():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    version = re.search(r"^TORCH \?= (\S+)$", makefile, re.MULTILINE).group(1)
    assert [str(pin.specifier) for pin in PINS if pin.name == "torch"] == [
        f"=={version}"
    ]
