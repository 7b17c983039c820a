"""The two interpreters that the set-up needs, wherever this machine has them, or a word on how to get them."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Iterable

from customs.bootstrap_steps import SetupError

HOW_TO_GET_PYTHON = """\
customs: Python {version} was not found. Get it in one of these ways, then run the same command again:
  pyenv install {version}                      (https://github.com/pyenv/pyenv)
  uv python install {version}                  (https://docs.astral.sh/uv/)
  or your system's package python{version} with python{version}-venv
or point {variable} at a Python {version} that you have, for example
  {variable}=/opt/python{version}/bin/python{version} make run"""


def _works(python: str, version: str) -> bool:
    """Does this interpreter run, and is it the version asked for? A pyenv shim can be on the path and not run."""
    code = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.decode().strip() == version


def _candidates(version: str, variable: str) -> Iterable[str]:
    if os.environ.get(variable):
        yield os.environ[variable]
    found = shutil.which("python" + version)
    if found:
        yield found
    roots = [os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv")]
    for root in [root for root in roots if root]:
        versions = sorted(
            Path(root).glob("versions/%s.*" % version),
            key=lambda path: [int(part) for part in path.name.split(".") if part.isdigit()],
            reverse=True,
        )
        for folder in versions:
            yield str(folder / "bin" / ("python" + version))
    uv = shutil.which("uv")
    if uv:
        done = subprocess.run(
            [uv, "python", "find", "--no-python-downloads", version], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        if done.returncode == 0:
            yield done.stdout.decode().strip()
    for folder in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"):
        yield "%s/python%s" % (folder, version)


def find_python(version: str) -> str:
    """Path of a working Python `version` ("3.10"). Raises `SetupError` with the ways to get one."""
    variable = "CUSTOMS_PYTHON" + version.replace(".", "")
    wanted = os.environ.get(variable)
    if wanted and not _works(wanted, version):
        raise SetupError("customs: %s is %r, which is not a working Python %s. Correct it or unset it." % (variable, wanted, version))
    for python in _candidates(version, variable):
        if _works(python, version):
            return python
    raise SetupError(HOW_TO_GET_PYTHON.format(version=version, variable=variable))
