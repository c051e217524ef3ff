"""The file of a checkpoint: a line that describes it, then what torch.save wrote.

The line holds the version of the format, the length and the checksum of the rest.
"""

import hashlib
import io
import os
import pickle
import re
from pathlib import Path

import torch

from helpers.loop.checkpoint.errors import CheckpointError, told

VERSION = 1
TITLE = b"Backward and Step checkpoint, version "
_HEADER = re.compile(TITLE + rb"(\d+), (\d+) bytes, sha256 ([0-9a-f]{64})\n")
_LONGEST_HEADER = 160


def write(path, content):
    """Write `content` so that a kill at any instant leaves the old file or the new one.

    Args:
        path (Path): the file; beside it `<name>.part` grows, until it takes its place.
        content: tensors and plain values, nested.

    Raises:
        OSError: the folder is gone or full; the old file is whole.
    """
    buffer = io.BytesIO()
    torch.save(content, buffer)
    part = path.with_name(path.name + ".part")
    with told(path):
        try:
            _write_and_flush(part, buffer.getvalue())
            os.replace(part, path)
            _flush_folder(path.parent)
        except OSError:
            part.unlink(missing_ok=True)
            raise


def _write_and_flush(part, body):
    """Write header and body, and wait until the disk has them."""
    digest = hashlib.sha256(body).hexdigest()
    header = TITLE + f"{VERSION}, {len(body)} bytes, sha256 {digest}\n".encode()
    with open(part, "wb") as file:
        file.write(header)
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder):
    """Wait until the disk has the new name; Windows has no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path):
    """Read what `write` wrote, onto the CPU, without running code from the file.

    Raises:
        FileNotFoundError: there is no such file.
        CheckpointError: it is cut, damaged, foreign, newer, or holds more than data.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"path = {path}: there is no such file; allowed is a checkpoint that "
            "save wrote: look at the folder and the name"
        )
    data = path.read_bytes()
    body = _checked(path, data)
    try:
        return torch.load(io.BytesIO(body), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise _refused(
            path,
            "holds objects that would need code from the file to run",
            "are tensors and plain values",
            "don't load it otherwise unless you wrote it yourself",
        ) from error


def _checked(path, data):
    """The bytes after the header, once they are what the header says."""
    header = _HEADER.match(data[:_LONGEST_HEADER])
    if not header:
        raise _without_header(path, data)
    version, length = int(header[1]), int(header[2])
    if version > VERSION:
        raise _refused(
            path, f"has version {version}", f"is up to {VERSION}",
            "load it with the newer course that wrote it",
        )  # fmt: skip
    body = data[header.end() :]
    if len(body) < length:
        raise _cut(path, f"has {len(body)} of its {length} bytes")
    if len(body) > length or hashlib.sha256(body).digest().hex() != header[3].decode():
        raise _refused(
            path, "has other bytes than were written: its checksum differs",
            "is a file that nothing changed since", "take an earlier one or a copy",
        )  # fmt: skip
    return body


def _without_header(path, data):
    """The error for a file that doesn't begin as it should."""
    start = data[:_LONGEST_HEADER]
    if TITLE.startswith(start[: len(TITLE)]) and b"\n" not in start:
        return _cut(path, f"ends after {len(data)} bytes, inside its first line")
    return _refused(
        path, f"is no checkpoint of this course: it begins with {bytes(data[:8])!r}",
        "is a file that helpers.loop.checkpoint.save wrote",
        "open what torch.save wrote with torch.load(path, weights_only=True)",
    )  # fmt: skip


def _cut(path, found):
    """The error for a file whose end is missing."""
    return _refused(
        path, f"is cut: it {found}", "is a whole file",
        "copy it again, or take an earlier one",
    )  # fmt: skip


def _refused(path, found, allowed, todo):
    """The error with its three parts."""
    return CheckpointError(f"path = {path} {found}; allowed {allowed}: {todo}")
