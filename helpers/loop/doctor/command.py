"""The command: runs a script as python does, and reports when it has ended.

torch is not imported before the script imports it: settings that a script makes first
(threads, visible devices) keep their effect.
"""

import argparse
import atexit
import importlib.machinery
import io
import json
import os
import runpy
import signal
import sys
import types

from helpers.loop.doctor.sentences import as_text, nothing_in

USAGE = """\
python -m helpers.loop.doctor [--json] train.py [its arguments]
       python -m helpers.loop.doctor [--json] -m package.train [its arguments]"""


def main(arguments=None):
    """Watch what the arguments name; its exit status is the command's."""
    parser, options = parsed(arguments)
    script, *rest = options.command
    if not options.m and not os.path.isfile(script):
        parser.error(f"there is no file {script!r}; give the script's path")
    atexit.register(tell, options.json)  # registered first, so it runs last
    sys.meta_path.insert(0, WatchFromImport())
    sys.argv[:] = [script, *rest]
    until_the_end(run_module if options.m else run, script)


def parsed(arguments):
    """The parser of the command line, and what it read."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.loop.doctor",
        usage=USAGE,
        description="Run a training script under watch and say what is wrong with it.",
    )
    parser.add_argument(
        "--json", action="store_true", help="print the findings as one line of JSON"
    )
    parser.add_argument(
        "-m", action="store_true", help="a module's name follows, as in python -m"
    )
    parser.add_argument(
        "command", nargs=argparse.REMAINDER, help="the script, and its own arguments"
    )
    options = parser.parse_args(arguments)
    if not options.command:
        parser.error("name the script to watch, as in train.py, or -m package.train")
    return parser, options


class WatchFromImport:
    """Finds torch as usual, and begins the watch when it has been imported."""

    def find_spec(self, name, path=None, target=None):
        """Find torch, once; everything else is left to the other finders."""
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None:
            load = spec.loader.exec_module

            def exec_module(module):
                load(module)
                from helpers.loop.doctor import session

                session.begin()

            spec.loader.exec_module = exec_module
        return spec


def until_the_end(run, script):
    """Run it; an error that it does not catch is evidence, and ends it as usual."""
    try:
        run(script)
    except SystemExit:
        raise
    except BaseException as error:
        end_with(error)


def run_module(name):
    """Run a module as the main one, as `python -m name` does."""
    sys.path[0] = os.getcwd()
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def run(script):
    """Run a script as the main module, as `python script` does."""
    main_module = types.ModuleType("__main__")
    main_module.__dict__.update(__file__=script, __builtins__=__builtins__)
    sys.modules["__main__"] = main_module
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    with io.open_code(os.path.abspath(script)) as file:
        source = file.read()
    exec(compile(source, script, "exec"), main_module.__dict__)


def end_with(error):
    """End as python does after an error that a script did not catch."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next  # the command's own frames
    note_error(error.with_traceback(trace))
    sys.excepthook(type(error), error, trace)
    if isinstance(error, KeyboardInterrupt):
        atexit._run_exitfuncs()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    sys.exit(1)


def note_error(error):
    """An error that ended the script is evidence too."""
    if "torch" in sys.modules:
        from helpers.loop.doctor import session

        session.note_error(error)


def tell(as_json):
    """Print the report: words on stderr, or JSON as the last line of stdout."""
    findings, words = [], as_text([], nothing_in(None))
    if "torch" in sys.modules:
        from helpers.loop.doctor import session

        findings = session.findings()
        words = session.in_words(findings)
        session.end()
    if as_json:
        line = json.dumps({"findings": [each.as_dict() for each in findings]})
        sys.stdout.write(f"\n{line}\n")
        sys.stdout.flush()
        return
    sys.stdout.flush()
    sys.stderr.write(words)
