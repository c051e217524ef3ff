"""What can't be captured, and why, in words.

With this module one can: raise for a step that no graph can be made of
(`CaptureError`), with the line that is at fault (`in_capture`), and say what is missing
where no compiler is found (`in_compilation`).
"""

import traceback
from contextlib import contextmanager
from pathlib import Path

import torch
from torch._subclasses.fake_tensor import (
    DataDependentOutputException,
    DynamicOutputShapeException,
)

ROOTS = Path(torch.__file__).parent, Path(__file__).parents[1]
READS_VALUES = "get value out of a tracing tensor"
NO_COMPILER = (
    "InvalidCxxCompiler",
    "No working C++ compiler",
    "Compiler: cl is not found",
)
FAILED = "CppCompileError", "C++ compile error", "Python.h"
GET_ONE = (
    "Install one (Debian and Ubuntu: `apt install g++ python3-dev`; macOS: "
    "`xcode-select --install`; Windows: the Build Tools for Visual Studio; conda: "
    "`conda install gxx`), or name yours in the environment variable CXX. "
    'backend="aot_eager" needs none and is slower; fallback=True takes the plain loop'
)


class CaptureError(RuntimeError):
    """A training step that can't become one graph."""


@contextmanager
def in_capture():
    """A `with` block in which a step is captured: says what can't be, and where."""
    try:
        yield
    except CaptureError:
        raise
    except (DataDependentOutputException, DynamicOutputShapeException) as error:
        raise value_read(error) from error
    except NotImplementedError as error:
        raise CaptureError(
            f"The step can't be captured: {error}. It must consist of operations that "
            "helpers.autograd differentiates: use others, or fallback=True for the "
            "plain loop"
        ) from error
    except RuntimeError as error:
        if READS_VALUES in str(error):
            raise value_read(error) from error
        raise


def value_read(error):
    """A CaptureError for code that asks what number stands in a tensor."""
    return CaptureError(
        f"{line_at_fault(error)} asks for a value while the step is captured: it reads "
        "a number out of a tensor (.item(), float(), if, while), or makes an array "
        "whose size depends on values. A graph holds operations, and the numbers come "
        "later: choose with torch.where, keep the number in a 0-d tensor and read it "
        "from what the step returns, or pass fallback=True for the plain loop"
    )


def line_at_fault(error):
    """The innermost line of code that is neither torch's nor ours."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        path = Path(frame.filename)
        if not any(root in path.parents for root in ROOTS):
            return f"{path.name}, line {frame.lineno}, `{frame.line}`,"
    return "The step"


@contextmanager
def in_compilation(backend):
    """A `with` block in which a graph is compiled: says which compiler is missing."""
    try:
        yield
    except Exception as error:
        said = "".join(map(str, causes_of(error)))
        if any(words in said for words in NO_COMPILER):
            raise CaptureError(
                f"backend={backend!r} found no C++ compiler, and makes its kernels "
                f"with one. {GET_ONE}"
            ) from error
        if any(words in said for words in FAILED):
            raise CaptureError(
                f"backend={backend!r} made C++ that the compiler refused, often for "
                f"want of Python's headers; its own words stand above. {GET_ONE}"
            ) from error
        raise


def causes_of(error):
    """The names and words of an error and of all that led to it."""
    while error is not None:
        yield type(error).__name__
        yield str(error)
        error = error.__cause__ or error.__context__
