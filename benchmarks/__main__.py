"""python -m benchmarks [NAME]: measure, and print a table for each benchmark."""

import argparse
import sys

from benchmarks.catalogue import BENCHMARKS, chosen, run


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that the arguments name; the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", default="", help="the beginning of a name")
    parser.add_argument("--list", action="store_true", help="only list the names")
    options = parser.parse_args(arguments)
    if options.list:
        for name, benchmark in BENCHMARKS.items():
            print(f"{name:14} {benchmark.title}")
        return 0
    try:
        selected = chosen(options.name)
    except ValueError as error:
        parser.error(str(error))
    print("median time of one run, and its ratio to the first line of each table\n")
    for name, benchmark in selected.items():
        print(run(name, benchmark), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
