"""From known mistakes to what an answer does that is like none of them.

With this module one can explain such an answer (explained) by several mistakes at once,
by one that acts in some cases only, or by one slip in the formula.
"""

import re
import warnings
from itertools import combinations

from helpers.exercises.altered_inputs import alterations
from helpers.exercises.exercise import Mistake
from helpers.exercises.kinds import Raised
from helpers.exercises.number_relations import factor
from helpers.exercises.run_answer import own_state
from helpers.exercises.source_slips import slips_of, written_with
from helpers.exercises.time_limit import run_within
from helpers.exercises.values import difference, snapshot
from helpers.exercises.wrong_places import guarded, made_of, two_at_once, wrong_places

SECONDS = 1.5  # for the search
SECONDS_OF_ONE = 0.2  # for one slip, which may make a loop endless


def explained(exercise, tried, expected, ours):
    """Say what an answer does that is wrong and like no single mistake.

    Args:
        exercise: the `Exercise`.
        tried: the answer's `Attempt`, finished and wrong.
        expected: the worked solution's.
        ours: `ours(known)` gives the `Attempt` of a mistake's answer.

    Returns the text, which is None if nothing fits, and whether it explains all.
    """
    wrong, known = wrong_places(exercise, tried, expected), exercise.mistakes
    places = ((m, wrong_places(exercise, ours(m.answer), expected)) for m in known)
    known = [(mistake, at) for mistake, at in places if at]
    parts, left = made_of(wrong, known, exercise.tolerance)
    if parts and not left:
        return _together(parts), True
    mistakes = [mistake for mistake, _ in known]
    found = _Search(exercise, mistakes, tried, wrong).run()
    found = found or _scaled(exercise, mistakes, tried, ours)
    if found:
        return found, True
    of_function = callable(exercise.solution)
    pair = of_function and two_at_once(wrong, known, exercise.tolerance)
    if pair:
        return _together(pair), True
    if parts:
        return f"{_together(parts)}\nAnd that is not all.", False
    some = guarded(wrong, known, exercise.tolerance)
    if some:
        return f"{some.message}\nThat shows in some of the cases.", False
    return None, False


def _together(mistakes):
    """One message, or several, each on a line of its own."""
    messages = [_without_praise(mistake.message) for mistake in mistakes]
    return "\n".join([messages[0], *(f"And: {message}" for message in messages[1:])])


def _without_praise(message):
    """A message without "The numbers are right, and": not all is right here."""
    rest = re.sub(r"^(The|Your) [^.,:]* (is|are) right[^.,:]*, and ", "", message)
    return rest[:1].upper() + rest[1:]


def _scaled(exercise, mistakes, tried, ours):
    """What a known mistake gives, with another sign or a factor."""
    for mistake in mistakes:
        words = factor(exercise, tried, ours(mistake.answer))
        if words:
            first = _without_praise(mistake.message)
            return f"{first}\nAnd that is multiplied by {words}."
    return None


class _Search:
    """Tries answers of ours, each on the first case that is wrong, then on all."""

    def __init__(self, exercise, mistakes, tried, wrong):
        self.exercise = exercise
        self.mistakes = mistakes
        self.tried = tried
        self.wrong = wrong
        self.first = min(case for case, _ in wrong)
        self.found = None
        self.telling = _tells_enough(wrong)

    def run(self):
        """The text of what fits; None if nothing does within the time."""
        if self.telling:
            with own_state(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                run_within(SECONDS, self._look)
        return self.found

    def _look(self):
        self.found = (
            self._altered_inputs([Mistake(self.exercise.solution, "")])
            or self._slips(1)
            or self._pairs_of_faults()
            or self._altered_inputs(self.mistakes)
            or self._two_altered_inputs()
            or self._slips(2)
        )

    def _slips(self, count):
        solution = self.exercise.solution
        slips = slips_of(solution)
        if count > 1:  # names are exchanged one at a time: there are too many pairs
            slips = [slip for slip in slips if not slip.of_name]
        for together in combinations(slips, count):
            places = {slip.place for slip in together}
            if len(places) == count and self._fits_slips(together):
                return f"It is what comes out when {_both(together)}."
        return None

    def _fits_slips(self, together):
        try:
            answer = written_with(self.exercise.solution, *together)
        except Exception:  # such slips make no function
            return False
        fits = []
        run_within(SECONDS_OF_ONE, lambda: fits.append(self._fits(answer)))
        return fits == [True]

    def _pairs_of_faults(self):
        for (one, first), (other, second) in combinations(self.exercise.faults, 2):
            if one.keys() & other.keys():
                continue
            if self._fits(self.exercise.build(**one, **other)):
                return _together([Mistake(None, first), Mistake(None, second)])
        return None

    def _altered_inputs(self, known):
        case = self.exercise.cases()[0]
        names = self.exercise.input_names(len(case))
        for change in alterations(names, tuple(case)):
            for each in known:
                if self._fits(each.answer, change.apply):
                    slip = f"It is what comes out with {change.words}."
                    first = _without_praise(each.message)
                    return f"{first}\nAnd: {slip}" if first else slip
        return None

    def _two_altered_inputs(self):
        case = tuple(self.exercise.cases()[0])
        names = self.exercise.input_names(len(case))
        for one, other in combinations(alterations(names, case), 2):
            if self._fits(
                self.exercise.solution, lambda c, f=one, g=other: g.apply(f.apply(c))
            ):
                return f"It is what comes out with {one.words} and {other.words}."
        return None

    def _fits(self, answer, alter=tuple):
        """Whether an answer of ours, on altered cases, does what the learner's does."""
        order = sorted(range(len(self.tried.trials)), key=lambda i: i != self.first)
        cases = self.exercise.cases()
        return all(self._same(answer, alter, cases[i], i) for i in order)

    def _same(self, answer, alter, case, position):
        got = self.tried.trials[position].result
        wrong = [path[0] for at, path in self.wrong if at == position and path]
        try:
            result = snapshot(self.exercise.probe(answer, *alter(tuple(case))))
        except Exception as error:
            return isinstance(got, Raised) and got.kind is type(error)
        if wrong and isinstance(result, dict) and result.keys() == got.keys():
            result, got = ([each[key] for key in wrong] for each in (result, got))
        return difference(result, got, self.exercise.tolerance) is None


def _both(slips):
    return " and ".join(slip.words for slip in slips)


def _tells_enough(wrong):
    """Whether enough numbers are wrong for a formula to be known by them."""
    return sum(map(_count_numbers, wrong.values())) >= 2


def _count_numbers(value):
    if hasattr(value, "numel"):
        return value.numel()
    if isinstance(value, (list, tuple)):
        return sum(map(_count_numbers, value))
    return int(isinstance(value, (int, float)) and not isinstance(value, bool))
