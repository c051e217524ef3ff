"""From evidence to findings: every rule is asked, roots hide their consequences."""

from helpers.loop.doctor.rules import RULES
from helpers.loop.doctor.rules.roots import CONSEQUENCES
from helpers.loop.doctor.rules.story import Story

LEAST = 0.5  # a finding with less support than this is not told


def diagnose(evidence):
    """All findings that the evidence supports, best first; one for each key."""
    story = Story(evidence)
    best = {}
    for rule in RULES:
        for finding in rule(story):
            known = best.get(finding.key)
            if known is None or finding.confidence > known.confidence:
                best[finding.key] = finding
    told = [each for each in best.values() if each.confidence >= LEAST]
    hidden = {key for each in told for key in CONSEQUENCES.get(each.key, ())}
    return sorted(
        (each for each in told if each.key not in hidden),
        key=lambda each: -each.confidence,
    )
