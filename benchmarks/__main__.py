"""python -m benchmarks [NAME] [--chart FILE.png]: measure, and print the tables."""

import argparse
import sys

from benchmarks.catalogue import BENCHMARKS, chosen, run
from benchmarks.chart import chart
from benchmarks.machine import machine


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that the arguments name; the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", default="", help="the beginning of a name")
    parser.add_argument("--list", action="store_true", help="only list the names")
    parser.add_argument("--chart", metavar="FILE.png", help="draw the ratios too")
    options = parser.parse_args(arguments)
    if options.list:
        for name, benchmark in BENCHMARKS.items():
            print(f"{name:14} {benchmark.title}")
        return 0
    try:
        selected = chosen(options.name)
    except ValueError as error:
        parser.error(str(error))
    print(machine())
    print("median time of one run, and its ratio to the first line of each table\n")
    results = {}
    for name, benchmark in selected.items():
        report = run(name, benchmark)
        print(report.text, flush=True)
        if report.result is not None:
            results[name] = report.result
    if options.chart and results:
        chart(results, BENCHMARKS).savefig(options.chart)
    return 0


if __name__ == "__main__":
    sys.exit(main())
