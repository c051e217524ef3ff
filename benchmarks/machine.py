"""What a measurement was made with: the processor, its instructions, and which tree."""

import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

import helpers

OTHERS = "numpy", "scipy", "jax", "autograd", "dezero", "tinygrad", "micrograd"


def processor() -> str:
    """The name of the processor's model; what the platform says, where none is told.

    >>> processor() != ""
    True
    """
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return next(filter(None, names), platform.processor() or platform.machine())


def machine() -> str:
    """Lines: what the numbers below hang on, when it was, what is measured."""
    instructions = torch.backends.cpu.get_cpu_capability()
    threads = f"{torch.get_num_threads()} threads"
    used = f"{processor()}, {instructions}, {threads}, PyTorch {torch.__version__}"
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    versions = ", ".join(filter(None, map(version_of, OTHERS)))
    when = f"{date.today()}, Python {platform.python_version()}, {gpu}, {versions}"
    return f"{used}\nmeasured: {Path(helpers.__file__).parent}\n{when}"


def version_of(package) -> str:
    """A package with its version; nothing if it isn't there.

    >>> version_of("no_such_package_here")
    ''
    """
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""
