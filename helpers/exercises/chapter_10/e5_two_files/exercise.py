"""Exercise 10.5: two files that belong together, and one that names them."""

from helpers.exercises.chapter_10.e5_two_files.disk import Disk, faults
from helpers.exercises.exercise import Exercise, Mistake

WRITE = ("write weights", "write state", "flush weights", "flush state", "flush folder")
LATEST = ("write part", "flush part", "rename", "flush folder")
REMOVE = ("remove weights", "remove state")


def _do(disk, step, number, weights, state):
    """One step of a save, by its name."""
    contents = {"weights": weights, "state": state, "part": str(number).encode()}
    what, _, kind = step.partition(" ")
    name = "latest.part" if kind == "part" else f"{kind}.{number}"
    if what == "rename":
        disk.rename("latest.part", "latest")
    elif what == "remove":
        disk.remove(f"{kind}.{number - 1}")
    elif step == "flush folder":
        disk.flush_folder()
    elif what == "flush":
        disk.flush(name)
    elif kind == "latest":
        disk.write("latest", contents["part"])
    else:
        disk.write(name, contents[kind])


def build(*parts):
    """A save of these steps, in this order."""
    steps = [step for part in parts for step in part]

    def save_pair(disk, number, weights, state):
        for step in steps:
            _do(disk, step, number, weights, state)

    return save_pair


def _less(steps, *left_out):
    """Steps without some of them."""
    return tuple(step for step in steps if step not in left_out)


def _both_in_one_name(disk, number, weights, state):
    for kind, content in (("weights", weights), ("state", state)):
        disk.write(f"{kind}.part", content)
        disk.flush(f"{kind}.part")
        disk.rename(f"{kind}.part", f"{kind}.{number - 1}")
    disk.flush_folder()


WRONG_SAVES = (
    Mistake(
        build(_less(WRITE, "flush weights", "flush state"), LATEST, REMOVE),
        "The two files are never flushed: after a power cut `latest` may name a piece.",
    ),
    Mistake(
        build(_less(WRITE, "flush state"), LATEST, REMOVE),
        "You flush the weights and not the state: a power cut may leave a piece of it.",
    ),
    Mistake(
        build(_less(WRITE, "flush weights"), LATEST, REMOVE),
        "You flush the state and not the weights: a power cut may leave a piece of "
        "them.",
    ),
    Mistake(
        build(_less(WRITE, "flush folder"), LATEST, REMOVE),
        "The contents are flushed, and the two names are not. The name `latest` may "
        "get to the disk before them: flush the folder once more, before the rename.",
    ),
    Mistake(
        build(WRITE, ("write latest", "flush latest", "flush folder"), REMOVE),
        "You write over `latest` itself: until it is flushed there is a piece under "
        "the only name that counts.",
    ),
    Mistake(
        build(WRITE, _less(LATEST, "flush part"), REMOVE),
        "You rename `latest.part` before its content is flushed: the name may be on "
        "the disk, and a piece under it.",
    ),
    Mistake(
        build(WRITE, LATEST[:-1], REMOVE),
        "You remove the old pair before the new name `latest` is on the disk. A power "
        "cut may keep the removal and forget the rename.",
    ),
    Mistake(
        build(WRITE, LATEST),
        "At every instant there is a whole pair, and the old one stays for ever. "
        "Remove it at the end.",
    ),
    Mistake(
        build(WRITE, LATEST[:-1], ("flush folder",), REMOVE[:1]),
        "You remove the old weights, and the old state stays.",
    ),
    Mistake(
        build(WRITE, LATEST[:-1], ("flush folder",), REMOVE[1:]),
        "You remove the old state, and the old weights stay.",
    ),
    Mistake(
        build(LATEST, WRITE, REMOVE),
        "`latest` names the new pair before it is there. It comes last.",
    ),
    Mistake(
        build(REMOVE, WRITE, LATEST),
        "You remove the old pair before `latest` names the new one. Until then it is "
        "the only one.",
    ),
    Mistake(
        build(WRITE, REMOVE, LATEST),
        "You remove the old pair before `latest` names the new one. Until then it is "
        "the only one.",
    ),
    Mistake(
        build(WRITE, REMOVE),
        "`latest` still names the old pair, which is gone.",
    ),
    Mistake(
        build(WRITE),
        "The new pair is whole, and nobody hears of it: `latest` names the old one.",
    ),
    Mistake(
        _both_in_one_name,
        "Each file is whole, and the pair is not: between the two renames new weights "
        "stand beside the old state, under the old number.",
    ),
)


def _after(answer, number, weights, state):
    """What a power cut may leave, at any instant, and what is there at the end."""
    old = {f"weights.{number - 1}": b"old weights", f"state.{number - 1}": b"old state"}
    disk = Disk({**old, "latest": str(number - 1).encode()})
    answer(disk, number, weights, state)
    new = {f"weights.{number}": weights, f"state.{number}": state}
    contents, name = old | new, str(number).encode()
    found = {f for cut in disk.cuts for files in cut for f in faults(files, contents)}
    named = {files.get("latest") == name for files in disk.left()}
    return {
        "a power cut may leave": sorted(found),
        "latest names the new pair": sorted(named),
        "files": sorted(disk.names()),
    }


EXERCISE = Exercise(
    number="10.5",
    title="Two files that belong together",
    solution=build(WRITE, LATEST, REMOVE),
    cases=lambda: [(7, b"weights", b"state"), (12, b"w" * 9, b"s" * 9)],
    probe=_after,
    mistakes=WRONG_SAVES,
    compared_with="a disk whose power is cut after each call",
)
