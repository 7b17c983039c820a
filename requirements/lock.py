"""Resolve the lock files: `make lock`. Linux on x86-64, as the images are; every package with its hashes.

PyTorch stands apart (customs/bootstrap.py): its CPU build has another hash on every index.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from customs.bootstrap import UV, find_python, uv_environment  # noqa: E402

COMMON = ["--generate-hashes", "--no-header", "--quiet", "--python-platform", "x86_64-manylinux_2_28"]
APART = ["--no-emit-find-links", "--no-emit-package", "torch"]


def compile_lock(name: str, version: str, *more: str) -> None:
    folder = ROOT / "requirements"
    command = [str(UV), "pip", "compile", *COMMON, "-p", find_python(version), *more]
    command += [str(folder / (name + ".in")), "-o", str(folder / (name + ".lock"))]
    subprocess.run(command, check=True, cwd=ROOT, env=uv_environment())
    print("requirements/" + name + ".lock")


if __name__ == "__main__":
    compile_lock("tools", "3.11")
    compile_lock("rasa", "3.10", "--no-emit-find-links")
    compile_lock("app", "3.11", *APART)
    compile_lock("dev", "3.11", *APART, "-c", "requirements/app.lock")
