"""The findings in words."""

import textwrap

WIDTH = 88


def as_text(findings, otherwise="nothing wrong was seen"):
    """All findings, numbered, best supported first; or what to say without any."""
    if not findings:
        return f"Loop doctor: {otherwise}.\n"
    head = f"Loop doctor: {len(findings)} finding{'s' * (len(findings) > 1)}\n"
    return head + "".join(one(n, each) for n, each in enumerate(findings, 1))


def nothing_in(evidence):
    """What was watched without a finding: silence alone does not say how much."""
    if evidence is None:
        return "torch was not imported, so there was no loop to watch"
    if not evidence.steps:
        return "no optimizer made a step, so there was little to watch"
    names = sorted({each.kind for each in evidence.optimizers.all})
    steps = f"{evidence.steps} step{'s' * (evidence.steps > 1)}"
    return f"nothing wrong was seen in {steps} of {', '.join(names)}"


def one(number, finding):
    """One finding: its key and place, then its three sentences."""
    head = f"{number}. {finding.key}"
    if finding.where:
        head += f"  at {finding.where}"
    parts = (finding.seen, finding.means, finding.instead)
    body = [
        textwrap.fill(p, WIDTH, initial_indent="   ", subsequent_indent="   ")
        for p in parts
    ]
    return "\n".join([head, *body]) + "\n"
