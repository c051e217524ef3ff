"""The one kind of error that `make` shows: a sentence, and what to do.

With this module one can: stop with a sentence instead of a traceback (`Trouble`), and
recognise in a long log what went wrong (`diagnose`).

It runs before anything is installed: standard library only, Python 3.6 syntax.
"""

import re

# The words that pip and Python write, and the sentence for each. The first that fits
# is taken: a full disk also looks like a failed download, so it comes first.
CAUSES = (
    (
        r"No space left on device|not enough space on the disk|Disk quota exceeded",
        "The disk is full: there is no room for the course's packages. Free about "
        "3 GB on the disk of this folder and of the system's temporary folder",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError",
        "The package index answers with a certificate that this Python does not "
        "trust. Behind a company network, name its certificate file in PIP_CERT",
    ),
    (
        r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError"
        r"|Failed to establish a new connection|Network is unreachable"
        r"|Connection (broken|refused|reset|aborted)|ConnectionResetError"
        r"|ProxyError|IncompleteRead|Max retries exceeded",
        "No network: the package index cannot be reached. Connect to the internet "
        "(or check HTTPS_PROXY and PIP_INDEX_URL)",
    ),
    (
        r"Permission denied|PermissionError|Read-only file system|Access is denied",
        "A file in this folder cannot be written. Close what uses .venv (another "
        "JupyterLab), or give this folder write permission",
    ),
    (
        r"MemoryError|Cannot allocate memory",
        "There is not enough memory to install. Close other programs",
    ),
    (
        r"ResolutionImpossible|conflicting dependencies",
        "The packages asked for contradict each other. If PIP_CONSTRAINT is set, "
        "unset it or correct its file",
    ),
)


class Trouble(Exception):
    """Something outside the course is wrong; the text says what, and what to do.

    >>> str(Trouble("The disk is full. Free some room."))
    'The disk is full. Free some room.'
    """


def diagnose(log):
    """The sentence for what went wrong in `log`, the text of a failed command.

    >>> diagnose("OSError: [Errno 28] No space left on device")[:17]
    'The disk is full:'
    >>> diagnose("ERROR: No matching distribution found for torch<3")[:38]
    'No release of torch<3 can be installed'
    """
    for pattern, sentence in CAUSES:
        if re.search(pattern, log):
            return sentence
    missing = re.search(r"No matching distribution found for (\S+)", log)
    if missing:
        return (
            f"No release of {missing.group(1)} can be installed with this Python on "
            "this machine. Try another Python from 3.10 to 3.13"
        )
    errors = re.findall(r"^(?:\S+ )?(?:ERROR|error|\w*Error): .+", log, re.MULTILINE)
    last = errors[-1].strip() if errors else "it gave no reason"
    return f"The installation failed ({last}). Read the log"
