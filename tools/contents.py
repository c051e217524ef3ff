"""An extension of Jupyter's server: a notebook that was only opened is unchanged.

JupyterLab writes the kernel's words about its language, with the exact version of
Python, into every notebook that it opens. The committed files hold no version, since
readers have different ones; so opening a chapter changed it, and closing it asked
whether to save. Here notebooks are handed out with these words; the files stay.

It is installed with the course (pyproject.toml), and every server of its environment
finds it: that of `make lab` and that of a plain `jupyter lab`.
"""

import functools
import inspect


def _jupyter_server_extension_points() -> list[dict]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server):
    manager = server.contents_manager
    manager.get = describing(manager.get)


def describing(get):
    """The method `get` of a contents manager, such that notebooks come complete.

    >>> def get(path):
    ...     metadata = {"language_info": {"name": "python"}}
    ...     return {"type": "notebook", "content": {"metadata": metadata}}
    >>> model = describing(get)("01_scalars.ipynb")
    >>> "version" in model["content"]["metadata"]["language_info"]
    True
    """

    async def wait_for(model):
        return complete(await model)

    @functools.wraps(get)
    def described(*args, **options):
        model = get(*args, **options)
        return wait_for(model) if inspect.isawaitable(model) else complete(model)

    return described


def complete(model: dict) -> dict:
    """The model of a file or folder; a Python notebook's `language_info` is filled in.

    >>> complete({"type": "notebook", "content": None})
    {'type': 'notebook', 'content': None}
    """
    from ipykernel.ipkernel import IPythonKernel  # slow: not before it is needed

    if model["type"] == "notebook" and model["content"]:
        metadata = model["content"]["metadata"]
        if metadata.get("language_info", {}).get("name") == "python":
            metadata["language_info"] = dict(IPythonKernel.language_info)
    return model
