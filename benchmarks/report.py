"""What a run of benchmarks leaves in a folder: a report in Markdown, and charts.

With this module one can: write both (`write`), anew after every benchmark, so that a
run which is stopped leaves what it has.
"""

import itertools
from pathlib import Path

from benchmarks.catalogue import BENCHMARKS
from benchmarks.chart import chart
from benchmarks.harness import digits
from benchmarks.running import Report, Verdict

INTRODUCTION = """\
Candidates do the same work in one process and take turns. Ratios are medians over the
rounds, to the first line of each table; the times are those of this machine on this
day. "Must" and "goal" are meant for two idle cores.
"""


def write(folder: Path, head: str, reports: dict[str, Report]) -> None:
    """Write `report.md` and a chart for each family of benchmarks that was timed.

    Args:
        folder: where; it is made.
        head: the machine, in lines.
        reports: those of `running.run`, by the names of their benchmarks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    charts = [draw(folder, *family) for family in families(reports)]
    text = markdown(head, reports, list(filter(None, charts)))
    (folder / "report.md").write_text(text, encoding="utf-8")


def families(reports):
    """Names and reports, in groups whose names begin with the same word."""
    for family, pairs in itertools.groupby(reports.items(), lambda p: family_of(p[0])):
        yield family, dict(pairs)


def family_of(name: str) -> str:
    """The first word of a name.

    >>> family_of("engine-moons")
    'engine'
    """
    return name.partition("-")[0]


def draw(folder, family, reports) -> str | None:
    """Draw a family's ratios; the name of the file, None if nothing was timed."""
    timed = {name: each.result for name, each in reports.items() if each.result}
    if not timed:
        return None
    file = f"{family}.png"
    chart(timed, BENCHMARKS).savefig(folder / file)
    return file


def markdown(head, reports, charts) -> str:
    """The report as text."""
    machine = "\n".join(f"- {line}" for line in head.splitlines())
    parts = [f"# How fast it is here\n\n{machine}\n\n{INTRODUCTION}"]
    if any(each.verdicts for each in reports.values()):
        parts.append(f"## What must hold\n\n{verdicts_of(reports)}\n")
    parts += ["## All tables\n", *map(section, reports.values())]
    parts += [f"![{file}]({file})\n" for file in charts]
    return "\n".join(parts)


def section(report: Report) -> str:
    """One benchmark: its heading, its table, what is absent."""
    parts = [f"### {report.heading}", ""]
    if report.table:
        parts += ["```", report.table, "```", ""]
    parts += [f"- {note}" for note in report.notes]
    return "\n".join(parts).rstrip() + "\n"


def verdicts_of(reports) -> str:
    """The table of marks: a line for each."""
    lines = ["| benchmark | what | measured | must | | goal | |"]
    lines.append("|" + "---|" * 7)
    for name, report in reports.items():
        lines += [row(name, verdict) for verdict in report.verdicts]
    return "\n".join(lines)


def row(name: str, verdict: Verdict) -> str:
    """A line of the table of marks."""
    mark = verdict.mark
    value, said = "not measured", ("", "")
    if verdict.value is not None:
        value, said = digits(verdict.value) + mark.unit, mark.verdicts(verdict.value)
    must, goal = f"<= {mark.must}{mark.unit}", f"<= {mark.goal}{mark.unit}"
    cells = name, mark.subject(), value, must, said[0], goal, said[1]
    return f"| {' | '.join(cells)} |"
