"""The kernel that runs chapters: this interpreter, this course, nobody's settings."""

import os
from pathlib import Path

from ipykernel import kernelspec
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

from tools.course import ROOT


class ThisInterpreter(KernelSpecManager):
    """Knows one kernel, whatever its name: the interpreter that is running now."""

    def get_kernel_spec(self, kernel_name):
        """The specification of this interpreter's kernel.

        >>> ThisInterpreter().get_kernel_spec("any").language
        'python'
        """
        return KernelSpec(
            resource_dir=kernelspec.RESOURCES, **kernelspec.get_kernel_dict()
        )


class CourseKernelManager(AsyncKernelManager):
    """Starts kernels of the Python that runs now, whatever kernels are registered.

    It is what `--nbval-current-env` does.

    >>> CourseKernelManager().kernel_spec_manager.get_kernel_spec("").language
    'python'
    """

    @default("kernel_spec_manager")
    def _this_interpreter(self):
        return ThisInterpreter(parent=self)


def kernel_environment(folder: Path) -> dict[str, str]:
    """The environment variables for kernels; `folder` holds what they may write.

    `helpers` is importable without being installed; the learner's own progress,
    IPython profile and history are neither read nor written; the order of sets
    is the same in each run.

    >>> kernel_environment(Path("scratch"))["PYTHONHASHSEED"]
    '0'
    """
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONHASHSEED": "0",
        "COURSE_PROGRESS": str(folder / "progress"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
