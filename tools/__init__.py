"""What runs around the course: the server, the notebooks' workshop, the tests' plugins.

With this package one can
- open a chapter in JupyterLab (tools.lab),
- find a Chromium for the browser tests (tools.browser),
- execute, normalise and check notebooks (tools.chapters, tools.notebook_rules).
"""

import sys

# jsonschema, which every Jupyter program loads, asks for this module and does without
# it. It checks international addresses, which nothing here has, and to import it takes
# longer than all the rest of JupyterLab. So it counts as missing.
sys.modules.setdefault("rfc3987_syntax", None)
