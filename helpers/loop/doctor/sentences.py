"""The findings in words."""

import textwrap

HEALTHY = "Loop doctor: nothing wrong was seen.\n"
WIDTH = 88


def as_text(findings):
    """All findings, numbered, best supported first."""
    if not findings:
        return HEALTHY
    head = f"Loop doctor: {len(findings)} finding{'s' * (len(findings) > 1)}\n"
    return head + "".join(one(n, each) for n, each in enumerate(findings, 1))


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
