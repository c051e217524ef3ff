"""Exercise 15.4: buckets are sent when they are full, in one order on all ranks."""

from helpers.exercises.exercise import Exercise, Mistake


def launches(arrivals, buckets):
    """For each arrival the numbers of the buckets that are sent then."""
    return _walk(arrivals, buckets)


def _walk(arrivals, buckets, full=None, catch_up=True):
    full = full or (lambda here, bucket: here.issuperset(bucket))
    here, done, sent = set(), [], 0
    for name in arrivals:
        here.add(name)
        now = []
        while sent < len(buckets) and full(here, buckets[sent]):
            now.append(sent)
            sent += 1
            if not catch_up:
                break
        done.append(now)
    return done


def _as_full(arrivals, buckets):
    here, done, sent = set(), [], set()
    for name in arrivals:
        here.add(name)
        ready = [k for k, bucket in enumerate(buckets) if here.issuperset(bucket)]
        done.append([k for k in ready if k not in sent])
        sent.update(ready)
    return done


def _again(arrivals, buckets):
    here, done = set(), []
    for name in arrivals:
        here.add(name)
        now = []
        for number, bucket in enumerate(buckets):
            if not here.issuperset(bucket):
                break
            now.append(number)
        done.append(now)
    return done


def _by_number(arrivals, buckets):
    done, sent, needed = [], 0, 0
    for place, _ in enumerate(arrivals, start=1):
        now = []
        while sent < len(buckets) and place >= needed + len(buckets[sent]):
            needed += len(buckets[sent])
            now.append(sent)
            sent += 1
        done.append(now)
    return done


def _at_the_end(arrivals, buckets):
    return [[] for _ in arrivals[1:]] + [list(range(len(buckets)))]


def _late(arrivals, buckets):
    found = launches(arrivals, buckets)
    return [[], *found[:-1]]


def _flat(arrivals, buckets):
    return [number for now in launches(arrivals, buckets) for number in now]


def _names(arrivals, buckets):
    found = launches(arrivals, buckets)
    return [[buckets[number] for number in now] for now in found]


def _from_one(arrivals, buckets):
    return [[number + 1 for number in now] for now in launches(arrivals, buckets)]


MISTAKES = (
    Mistake(
        _as_full,
        "You send a bucket as soon as it is full. Another rank may fill them in "
        "another order, and then its first message meets a different one of yours.",
    ),
    Mistake(
        lambda arrivals, buckets: _walk(arrivals, buckets, catch_up=False),
        "You send one bucket an arrival at most. Those behind it that are full already "
        "can go at once, and some would never be sent.",
    ),
    Mistake(
        lambda arrivals, buckets: _walk(
            arrivals, buckets, full=lambda here, bucket: not here.isdisjoint(bucket)
        ),
        "You send a bucket with its first gradient. The others are not there yet.",
    ),
    Mistake(
        lambda arrivals, buckets: _walk(
            arrivals, buckets, full=lambda here, bucket: bucket[-1] in here
        ),
        "You look at the last name of a bucket only. It may come before the others.",
    ),
    Mistake(
        _again,
        "You send buckets again that were sent at an earlier arrival.",
    ),
    Mistake(
        _by_number,
        "You count arrivals, whichever they are. A bucket is full when its own "
        "gradients are there.",
    ),
    Mistake(
        _at_the_end,
        "You wait for the last gradient. Then nothing is sent while backward works.",
    ),
    Mistake(
        _late,
        "You look before you note the arrival: each bucket leaves one arrival late, "
        "and the last one never.",
    ),
    Mistake(
        _flat,
        "The order is right. Return a list for each arrival, empty where nothing is "
        "sent.",
    ),
    Mistake(
        _names,
        "Those are the buckets themselves; asked for are their numbers.",
    ),
    Mistake(_from_one, "You count buckets from 1; the first is 0."),
)

EXERCISE = Exercise(
    number="15.4",
    title="In one order",
    solution=launches,
    cases=lambda: [
        (["d", "c", "b", "a"], [["d", "c"], ["b", "a"]]),
        (["b", "a", "d", "c"], [["d", "c"], ["b", "a"]]),
        (["a", "b", "c"], [["c"], ["b"], ["a"]]),
        (["f", "d", "e", "a", "c", "b"], [["f", "e"], ["d"], ["c", "b", "a"]]),
        (["c", "a", "b", "d"], [["a", "c"], ["d"], ["b"]]),
    ],
    mistakes=MISTAKES,
    compared_with="a walk through five orders of arrival",
)
