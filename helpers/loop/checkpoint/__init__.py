"""Checkpoints: a run that is killed goes on to the same bits.

With this module one can
- save a model, optimizer, scheduler, random states and data position (save),
- go on from there (load),
- keep one file or the last few, each for one run alone (CheckpointFile,
  CheckpointFolder),
- start again in the middle of an epoch (ResumableLoader),
- tell a file that is no good from other troubles (CheckpointError).

Chapter 10 builds it.
"""

from helpers.loop.checkpoint.errors import CheckpointError
from helpers.loop.checkpoint.places import CheckpointFile, CheckpointFolder
from helpers.loop.checkpoint.resumable_loader import ResumableLoader
from helpers.loop.checkpoint.save_and_load import Loaded, load, save

__all__ = [
    "CheckpointError",
    "CheckpointFile",
    "CheckpointFolder",
    "Loaded",
    "ResumableLoader",
    "load",
    "save",
]
