"""Files for JupyterLab, so that a notebook that was only opened counts as unchanged.

With this module one can: serve the course's notebooks with the kernel's own words about
its language (`CourseContents`).

JupyterLab writes these words, with the exact version of Python, into every notebook
that it opens. The committed files hold no version, since readers have different ones;
so opening a chapter changed it, and closing it asked whether to save.
"""

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager


class CourseContents(AsyncLargeFileManager):
    """Notebooks arrive with what JupyterLab is about to write; the files stay."""

    async def get(self, path, content=True, **more):
        """The model of a file or folder, as the class above gives it."""
        model = await super().get(path, content=content, **more)
        if model["type"] == "notebook" and content:
            describe_language(model["content"]["metadata"])
        return model


def describe_language(metadata: dict) -> None:
    """Complete `language_info` in a Python notebook's metadata, in place.

    >>> metadata = {"language_info": {"name": "python"}}
    >>> describe_language(metadata)
    >>> "version" in metadata["language_info"]
    True
    """
    from ipykernel.ipkernel import IPythonKernel  # slow: not before it is needed

    if metadata.get("language_info", {}).get("name") == "python":
        metadata["language_info"] = dict(IPythonKernel.language_info)
