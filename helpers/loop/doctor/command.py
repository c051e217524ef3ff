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
import signal
import sys
import types

USAGE = "python -m helpers.loop.doctor [--json] train.py [its arguments]"


def main(arguments=None):
    """Watch the script that the arguments name; its exit status is the command's."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.loop.doctor",
        usage=USAGE,
        description="Run a training script under watch and say what is wrong with it.",
    )
    parser.add_argument(
        "--json", action="store_true", help="print the findings as one line of JSON"
    )
    parser.add_argument("script", help="the script, unmodified")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="the script's arguments")
    options = parser.parse_args(arguments)
    if not os.path.isfile(options.script):
        parser.error(f"script={options.script!r}: there is no such file")
    atexit.register(tell, options.json)  # registered first, so it runs last
    sys.meta_path.insert(0, WatchFromImport())
    run(options.script, [options.script, *options.rest])


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


def run(script, argv):
    """Run a script as the main module, as `python script` does."""
    main_module = types.ModuleType("__main__")
    main_module.__dict__.update(__file__=script, __builtins__=__builtins__)
    sys.modules["__main__"] = main_module
    sys.argv[:] = argv
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    with io.open_code(os.path.abspath(script)) as file:
        source = file.read()
    try:
        exec(compile(source, script, "exec"), main_module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        end_with(error)


def end_with(error):
    """End as python does after an error that a script did not catch."""
    own = error.__traceback__
    trace = own.tb_next if own is not None else None
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
    findings = []
    if "torch" in sys.modules:
        from helpers.loop.doctor import session

        findings = session.findings()
        session.end()
    if as_json:
        line = json.dumps({"findings": [each.as_dict() for each in findings]})
        sys.stdout.write(f"\n{line}\n")
        sys.stdout.flush()
        return
    from helpers.loop.doctor.sentences import as_text

    sys.stdout.flush()
    sys.stderr.write(as_text(findings))
