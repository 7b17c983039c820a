"""The environments in .venv/, each with exactly what its lock files say, and the browser of the tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List

from customs.bootstrap_steps import ROOT, UV, VENV, SetupError, digest, is_fresh, run_step


def uv_environment() -> Dict[str, str]:
    """uv does not read pip's settings; a company's mirror or wheel folder is set there."""
    environment = dict(os.environ)
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ).stdout.decode()
    settings = {}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        settings[key.split(".")[-1]] = value.strip().strip("'\"")
    for name, variable in (("find-links", "UV_FIND_LINKS"), ("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        if settings.get(name) and not environment.get(variable):
            environment[variable] = settings[name].replace(" ", ",")
    environment.setdefault("UV_HTTP_TIMEOUT", "180")
    return environment


def ensure_uv(python: str) -> None:
    """uv, pinned, in an environment of its own: it installs the other two ten times quicker than pip."""
    stamp = VENV / "tools" / ".stamp"
    lock = ROOT / "requirements" / "tools.lock"
    mark = digest([lock], python)
    if is_fresh(stamp, mark) and UV.exists():
        return
    run_step("Making the environment for the tools", [python, "-m", "venv", "--clear", str(VENV / "tools")])
    pip = [str(VENV / "tools" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
    run_step("Installing uv", pip, dict(os.environ))
    stamp.write_text(mark)


def _has_torch_wheels(environment: Dict[str, str]) -> bool:
    folders = [Path(part) for part in environment.get("UV_FIND_LINKS", "").split(",") if part]
    return any(True for folder in folders if folder.is_dir() for _ in folder.glob("torch-*cpu*.whl"))


def ensure_environment(name: str, python: str, locks: List[str], torch: str = "") -> None:
    """The environment .venv/<name> with exactly what the lock files say."""
    folder = VENV / name
    paths = [ROOT / "requirements" / lock for lock in locks]
    stamp = folder / (".stamp-" + "-".join(lock.split(".")[0] for lock in locks))
    mark = digest(paths, python, torch)
    if is_fresh(stamp, mark):
        return
    environment = uv_environment()
    target = str(folder / "bin" / "python")
    base = folder / ".base"
    if not is_fresh(base, python) or not Path(target).exists():
        run_step("Making the environment .venv/" + name, [str(UV), "venv", "--quiet", "--clear", "-p", python, str(folder)], environment)
        base.write_text(python)
    install = [str(UV), "pip", "install", "--quiet", "-p", target, "--no-deps", "--compile-bytecode"]
    if torch:
        # The CPU build: a tenth of the size. A wheel folder set for pip is used first, else uv knows PyTorch's own index.
        backend = [] if _has_torch_wheels(environment) or environment.get("UV_TORCH_BACKEND") else ["--torch-backend", "cpu"]
        run_step("Installing PyTorch for the CPU (about 200 MB)", install + backend + [torch], environment)
    requirements = [part for path in paths for part in ("-r", str(path))]
    run_step("Installing .venv/%s (%s)" % (name, ", ".join(locks)), install + ["--require-hashes"] + requirements, environment)
    run_step("Checking .venv/" + name, [str(UV), "pip", "check", "--quiet", "-p", target], environment)
    stamp.write_text(mark)


def ensure_browser() -> None:
    """Chromium for the browser tests: Debian's package where we may install it, else a word on how to get it."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    how = "customs: the browser tests need Chromium. Install it, on Debian by: apt-get install chromium fonts-noto-core"
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise SetupError(how)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run_step("Reading the list of system packages", ["apt-get", "-qq", "update"], environment)
    run_step("Installing Chromium", ["apt-get", "-qq", "install", "-y", "chromium", "fonts-noto-core", "fonts-noto-cjk"], environment)
