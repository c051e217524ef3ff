"""The file of a checkpoint: whole at any instant, refused in a sentence, one run's."""

import errno
import hashlib
import io
import os
import pickle
import signal
import sys

import pytest
import torch

from helpers.loop import checkpoint
from helpers.loop.checkpoint import CheckpointError, CheckpointFile, CheckpointFolder
from helpers.loop.checkpoint.file_format import TITLE, VERSION, read

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")


@pytest.fixture
def path(tmp_path):
    """A checkpoint of epoch 1."""
    checkpoint.save(tmp_path / "run.ckpt", epoch=1, extra=torch.arange(3))
    return tmp_path / "run.ckpt"


def header_of(data):
    return data.index(b"\n") + 1


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99, 1, 1.5, 50])
def test_a_cut_file_is_refused(path, share):
    """Cut at shares of its first line, and further on."""
    data = path.read_bytes()
    path.write_bytes(data[: int(share * (header_of(data) - 1))])
    with pytest.raises(
        CheckpointError, match="is cut: .*; allowed is a whole file: co"
    ):
        checkpoint.load(path)


def test_a_file_that_lacks_its_last_byte_is_cut(path):
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match="is cut"):
        checkpoint.load(path)


@pytest.mark.parametrize("place", [0, 100, -1])
def test_a_byte_that_changed_is_noticed(path, place):
    data = bytearray(path.read_bytes())
    data[place if place < 0 else header_of(data) + place] ^= 1
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="its checksum differs; allowed"):
        checkpoint.load(path)


def test_a_foreign_file_is_refused(path):
    torch.save({}, path)
    with pytest.raises(
        CheckpointError, match="no checkpoint of this .*PK.*: open what"
    ):
        checkpoint.load(path)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CheckpointError, match="no checkpoint of this"):
        checkpoint.load(path)


def test_a_newer_file_is_refused(path):
    old, new = TITLE + b"%d" % VERSION, TITLE + b"%d" % (VERSION + 1)
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(
        CheckpointError, match=r"has version 2; allowed is up to 1: loa"
    ):
        checkpoint.load(path)


class Evil:
    """Unpickled, it prints."""

    def __reduce__(self):
        return print, ("code of the file ran",)


def test_code_in_a_file_never_runs(path, capsys):
    buffer = io.BytesIO()
    torch.save(Evil(), buffer)
    body = buffer.getvalue()
    digest = hashlib.sha256(body).hexdigest().encode()
    path.write_bytes(TITLE + b"1, %d bytes, sha256 %s\n" % (len(body), digest) + body)
    with pytest.raises(CheckpointError, match="would need code from the file to run"):
        checkpoint.load(path)
    assert capsys.readouterr().out == ""
    pickle.loads(pickle.dumps(Evil()))  # a plain unpickler runs it
    assert capsys.readouterr().out == "code of the file ran\n"


def test_no_file_is_told_of(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no such file; allowed is"):
        checkpoint.load(tmp_path / "none")


def test_the_disk_has_the_new_file_before_it_takes_the_place(path, monkeypatch):
    calls = []

    def noted(name):
        call = getattr(os, name)

        def noting(first, *rest):
            if name == "fsync":
                kind = "folder" if os.path.isdir(f"/proc/self/fd/{first}") else "file"
                calls.append(f"fsync {kind}")
            else:
                calls.append(name)
            return call(first, *rest)

        return noting

    for name in ("fsync", "replace"):
        monkeypatch.setattr(os, name, noted(name))
    checkpoint.save(path)
    if sys.platform == "linux":
        assert calls == ["fsync file", "replace", "fsync folder"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_leaves_the_old_file(path):
    part = path.with_name(path.name + ".part")
    part.symlink_to("/dev/full")
    with pytest.raises(OSError, match="the last checkpoint is whole. Mend") as caught:
        checkpoint.save(path, epoch=2, extra=torch.ones(100_000))
    assert caught.value.errno == errno.ENOSPC
    assert checkpoint.load(path).epoch == 1
    assert not part.is_symlink()
    checkpoint.save(path, epoch=2)
    assert checkpoint.load(path).epoch == 2


def test_a_folder_that_is_gone_is_told_of(tmp_path):
    with pytest.raises(
        FileNotFoundError, match="no checkpoint was there yet. Mend the"
    ):
        checkpoint.save(tmp_path / "gone" / "run.ckpt")
    with pytest.raises(
        FileNotFoundError, match="allowed is a file in a folder that is"
    ):
        CheckpointFolder(tmp_path / "gone" / "run").save()


def test_a_folder_that_goes_meanwhile_is_told_of(path):
    with CheckpointFile(path) as place:
        for file in path.parent.iterdir():
            file.unlink()
        path.parent.rmdir()
        with pytest.raises(FileNotFoundError, match="no checkpoint was there yet"):
            place.save()


def in_a_child(function):
    """Run a function in a forked process; its exit status, as a shell has it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = function() or 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@needs_fork
@pytest.mark.parametrize("kind", [CheckpointFile, CheckpointFolder])
def test_two_runs_of_one_checkpoint_are_refused(kind, tmp_path):
    def other():
        try:
            kind(tmp_path / "run").save(epoch=2)
        except CheckpointError as error:
            return 42 if f"in use by the process {os.getppid()};" in str(error) else 1

    with kind(tmp_path / "run") as place:
        place.save(epoch=1)
        assert in_a_child(other) == 42
        place.save(epoch=3)
        assert place.load().epoch == 3
    assert in_a_child(other) == 0  # let go at the end


@needs_fork
def test_a_killed_run_holds_nothing(path):
    def killed():
        with CheckpointFile(path):
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(killed) == -signal.SIGKILL
    with CheckpointFile(path) as place:
        place.save(epoch=2)


def test_a_block_within_a_block_keeps_the_lock(path):
    with CheckpointFile(path) as place:
        with CheckpointFile(path):
            pass
        if hasattr(os, "fork"):
            assert in_a_child(lambda: CheckpointFile(path).save()) == 1
        place.save()


def test_the_last_few_stay(tmp_path):
    checkpoints = CheckpointFolder(tmp_path / "run", keep=2)
    assert checkpoints.newest() is None
    for epoch in range(4):
        checkpoints.save(epoch=epoch)
    assert [each.stem for each in checkpoints.paths()] == ["00000003", "00000004"]
    assert [read(each)["epoch"] for each in checkpoints.paths()] == [2, 3]


def test_a_folder_names_the_checkpoint_before_a_bad_one(tmp_path):
    checkpoints = CheckpointFolder(tmp_path / "run")
    checkpoints.save(epoch=1)
    checkpoints.save(epoch=2)
    checkpoints.newest().write_bytes(b"")
    with pytest.raises(
        CheckpointError, match="is cut.* before it is 00000001.ckpt: re"
    ):
        checkpoints.load()
    checkpoints.newest().unlink()
    assert checkpoints.load().epoch == 1
    checkpoints.newest().write_bytes(b"")
    with pytest.raises(CheckpointError, match="take an earlier one$"):
        checkpoints.load()


@pytest.mark.parametrize("keep", [0, -1, 1.5, True])
def test_how_many_stay_is_a_count(keep):
    with pytest.raises(
        ValueError, match="keep = .*; allowed is an integer of 1 or more"
    ):
        CheckpointFolder("run", keep=keep)
