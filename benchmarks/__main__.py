"""python -m benchmarks [NAME ...] [--out FOLDER]: measure, and print the tables."""

import argparse
import sys
import traceback
from dataclasses import replace
from pathlib import Path

from benchmarks.catalogue import BENCHMARKS, chosen
from benchmarks.chart import chart
from benchmarks.machine import machine
from benchmarks.peers import failure
from benchmarks.report import verdicts_of, write
from benchmarks.running import Report, not_run, run


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that the arguments name; 1 if one raises, else 0."""
    parser, options = understood(arguments)
    if options.list:
        for name, benchmark in BENCHMARKS.items():
            print(f"{name:24} {benchmark.title}")
        return 0
    try:
        selected = chosen(*options.name)
    except ValueError as error:
        parser.error(str(error))
    if options.small:
        selected = {
            name: each.small()
            for name, each in selected.items()
            if options.name or not each.takes_long
        }
    head = machine()
    print(head)
    print("median time of one run, and its ratio to the first line of each table\n")
    reports = {}
    for name, benchmark in selected.items():
        reports[name] = attempt(name, benchmark)
        print(reports[name].text, flush=True)
        if options.out:
            write(options.out, head, reports)
    finish(options, reports)
    return int(any(each.failed for each in reports.values()))


def attempt(name, benchmark) -> Report:
    """Run a benchmark; what it raises is shown, and the others go on."""
    try:
        return run(name, benchmark)
    except Exception as error:
        traceback.print_exc()
        report = not_run(name, benchmark, failure(error))
        return replace(report, failed=True)


def finish(options, reports):
    """Draw the chart that was asked for, and say how all marks stand."""
    timed = {name: each.result for name, each in reports.items() if each.result}
    if options.chart and timed:
        chart(timed, BENCHMARKS).savefig(options.chart)
    if options.out:
        print(f"{verdicts_of(reports)}\n\nwritten: {options.out / 'report.md'}")


def understood(arguments):
    """The parser, and the options that it read."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help="the beginning of a name")
    parser.add_argument("--list", action="store_true", help="only list the names")
    parser.add_argument("--chart", metavar="FILE.png", help="draw the ratios too")
    parser.add_argument(
        "--out", metavar="FOLDER", type=Path, help="write a report and charts there"
    )
    parser.add_argument(
        "--small",
        action="store_true",
        help="run each once, but for the long ones; nothing to reach",
    )
    return parser, parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
