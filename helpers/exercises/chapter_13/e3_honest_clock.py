"""Exercise 13.3: the time of a job on a device that works later."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def seconds_per_job(device, job, count, clock):
    """Mean seconds of a job: without older work and the first, with all waiting."""
    device.launch(job)
    device.synchronize()
    start = clock()
    for _ in range(count):
        device.launch(job)
    device.synchronize()
    return (clock() - start) / count


def build(warms=1, before=True, each=False, after=True, over=lambda count: count):
    """The solution with some of its parts exchanged."""

    def seconds_per_job(device, job, count, clock):
        for _ in range(warms):
            device.launch(job)
        if before:
            device.synchronize()
        start = clock()
        for _ in range(count):
            device.launch(job)
            if each:
                device.synchronize()
        if after:
            device.synchronize()
        return (clock() - start) / over(count)

    return seconds_per_job


def _wait_then_warm(device, job, count, clock):
    device.synchronize()
    device.launch(job)
    return build(warms=0, before=False)(device, job, count, clock)


def _starts_too_early(device, job, count, clock):
    start = clock()
    device.launch(job)
    device.synchronize()
    for _ in range(count):
        device.launch(job)
    device.synchronize()
    return (clock() - start) / count


def _counts_the_first(device, job, count, clock):
    device.synchronize()
    start = clock()
    for _ in range(count):
        device.launch(job)
    device.synchronize()
    return (clock() - start) / count


def _one_less(device, job, count, clock):
    device.launch(job)
    device.synchronize()
    start = clock()
    for _ in range(count - 1):
        device.launch(job)
    device.synchronize()
    return (clock() - start) / count


def _called_here(device, job, count, clock):
    device.launch(job)
    device.synchronize()
    start = clock()
    for _ in range(count):
        job()
    return (clock() - start) / count


FAULTS = (
    (
        {"after": False},
        "You stop the clock before the work is done: that is the time it takes to ask. "
        "Synchronize before you read the clock.",
    ),
    (
        {"before": False},
        "You start the clock with work in the queue: the first job, and what was there "
        "before, are in your time. Synchronize first.",
    ),
    (
        {"warms": 0},
        "Your time has the first job in it, which takes longer than the rest: launch "
        "the job once before you start the clock.",
    ),
    (
        {"each": True},
        "You wait after each job, so the device idles while the next one is asked for. "
        "Wait once, after the last.",
    ),
    (
        {"over": lambda count: 1},
        "That is the time of all jobs. Divide by count.",
    ),
    (
        {"over": lambda count: count + 1},
        "You divide by count + 1, but the job that warms up is not in the time.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _wait_then_warm,
        "You wait for the old work and not for the first job: it still runs when the "
        "clock starts. Launch it first, then wait.",
    ),
    Mistake(
        _starts_too_early,
        "You start the clock before the first job. Read it after the first wait.",
    ),
    Mistake(
        _one_less,
        "You launch one job less than you divide by: the first one is not in the time.",
    ),
    Mistake(
        _called_here,
        "You call the job yourself, so the device has nothing to do. Launch it.",
    ),
)

ASK, WAIT = 0.125, 0.25  # seconds that a launch and a wait take the CPU


class _Device:
    """A device in a time of its own, with work in its queue."""

    def __init__(self, seconds, first, queued):
        self.seconds, self.extra = seconds, first
        self.now, self.free = 0.0, queued

    def launch(self, job):
        """Ask for a job: it begins when the one before is done."""
        self.now += ASK
        self.free = max(self.now, self.free) + self.seconds + self.extra
        self.extra = 0.0

    def synchronize(self):
        """Wait until all is done."""
        self.now = max(self.now, self.free) + WAIT

    def clock(self):
        """The time on the CPU."""
        return self.now


def _timed(answer, seconds, first, queued, count):
    """What an answer measures."""
    device = _Device(seconds, first, queued)
    return answer(device, lambda: None, count, device.clock)


EXERCISE = Exercise(
    number="13.3",
    title="An honest clock",
    solution=seconds_per_job,
    cases=lambda: [(2.0, 8.0, 16.0, 4), (0.5, 3.0, 0.0, 8), (1.0, 5.0, 2.0, 16)],
    probe=_timed,
    mistakes=MISTAKES,
    build=build,
    faults=FAULTS,
    compared_with="three devices with work in their queue",
)
