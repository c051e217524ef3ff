"""Plugins of this course's test runs; pyproject.toml loads this package."""

pytest_plugins = [
    "tools.pytest_plugins.browser",
    "tools.pytest_plugins.notebooks",
    "tools.pytest_plugins.progress",
    "tools.pytest_plugins.sharing",
]
