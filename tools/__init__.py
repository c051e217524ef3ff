"""What runs around the course: the environment, the server, the chapters' workshop.

With this package one can
- make or refresh `.venv` and run something in it (tools.environment),
- open a chapter in JupyterLab (tools.lab),
- find a Chromium for the browser tests (tools.browser),
- execute, normalise and check the notebooks (tools.chapters, tools.hygiene).
"""
