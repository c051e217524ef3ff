"""What a measurement was made with: the processor, its instructions, and which tree."""

import platform
from pathlib import Path

import torch

import helpers


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
    """Two lines: what the numbers below hang on, and the folder of what is measured."""
    instructions = torch.backends.cpu.get_cpu_capability()
    threads = f"{torch.get_num_threads()} threads"
    used = f"{processor()}, {instructions}, {threads}, PyTorch {torch.__version__}"
    return f"{used}\nmeasured: {Path(helpers.__file__).parent}"
