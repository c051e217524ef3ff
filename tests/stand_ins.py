"""A small course with empty packages, to install for real in a few seconds.

With this module one can: make a folder that has the course's tools and a requirement
whose one wheel stands in for every package (`SmallCourse`), run its environment tool
(`run`, `start`), and put a module in front of a real one (`stand_in`): a pip that fails
with given words (`failing_pip`), a venv that copies (`copying_venv`).
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tools.inspection import HEAVY, LIGHT
from tools.state import ROOT

METADATA = "Metadata-Version: 2.1\nName: standin\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def make_wheel(folder: Path, course: Path) -> None:
    """Write a wheel whose packages are empty, and that makes `helpers` importable."""
    files = {f"{name}.py": "" for name in LIGHT + HEAVY if name != "helpers"}
    files["helpers-of-this-folder.pth"] = f"{course}\n"
    files["standin-1.0.dist-info/METADATA"] = METADATA
    files["standin-1.0.dist-info/WHEEL"] = WHEEL
    record = "standin-1.0.dist-info/RECORD"
    files[record] = "".join(f"{name},,\n" for name in [*files, record])
    with zipfile.ZipFile(folder / "standin-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)


class SmallCourse:
    """A course in `root` (made if it is not there) whose packages are stand-ins.

    With a `template`, an empty environment, a new environment is a copy of it: quick.
    """

    def __init__(self, root: Path, template: Path | None = None):
        self.root = root
        self.venv = root / ".venv"
        for name in ("helpers", "wheels"):
            (root / name).mkdir(parents=True, exist_ok=True)
        (root / "helpers" / "__init__.py").touch()
        shutil.copytree(Path(ROOT, "tools"), root / "tools", dirs_exist_ok=True)
        (root / "pyproject.toml").touch()
        self.require("standin>=1,<2")
        make_wheel(root / "wheels", root)
        self.quick = self.copying_venv(template) if template else {}

    def require(self, *lines: str) -> None:
        """Write these lines as the requirements."""
        text = "".join(f"{line}\n" for line in lines)
        (self.root / "requirements.txt").write_text(text)

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def packages(self) -> Path:
        """The environment's site-packages."""
        return next(self.venv.glob("[lL]ib/**/site-packages"))

    def settings(self, **more: str) -> dict[str, str]:
        """The environment variables: pip sees the stand-ins and nothing else."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
        kept.pop("PYTHONPATH", None)
        offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
        wheels = {"PIP_FIND_LINKS": (self.root / "wheels").as_uri()}
        return {**kept, **self.quick, **offline, **wheels, **more}

    def start(self, *words: str, **more: str) -> subprocess.Popen:
        """Start `python -m tools.environment` with these words in the course."""
        return subprocess.Popen(
            [sys.executable, "-m", "tools.environment", *words],
            cwd=self.root,
            env=self.settings(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str, **more: str) -> tuple[int, str]:
        """The exit code and all that is printed; line breaks become spaces."""
        process = self.start(*words, **more)
        printed, _ = process.communicate(timeout=120)
        return process.returncode, " ".join(printed.split())

    def stand_in(self, module: str, program: str) -> dict[str, str]:
        """Settings under which `python -m module` runs this program."""
        package = self.root / "stand-ins" / module / module
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(program)
        return {"PYTHONPATH": str(package.parent)}

    def failing_pip(self, words: str) -> dict[str, str]:
        """Settings under which pip does nothing but complain with these words."""
        return self.stand_in("pip", f"import sys\nsys.exit({words!r})\n")

    def copying_venv(self, template: Path) -> dict[str, str]:
        """Settings under which making an environment is copying an empty one."""
        copy = f"copytree({str(template)!r}, sys.argv[1], True, dirs_exist_ok=True)"
        return self.stand_in("venv", f"import sys\nfrom shutil import *\n{copy}\n")
