"""What a result was measured on and with: machine, versions, release."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

import psutil

from customs.bootstrap import RASA_PYTHON
from customs.settings import ROOT, Settings

APP_PACKAGES = ("rasa-sdk", "onnxruntime", "faiss-cpu", "sentence-transformers", "starlette", "uvicorn")
RASA_PACKAGES = ("rasa", "rasa-sdk", "tensorflow", "jsonschema", "sanic")


def load_average() -> float:
    """Processes that ran or waited, mean of the last minute."""
    return round(os.getloadavg()[0], 2)


def processor(info: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's name, where the system tells it."""
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def commit() -> str:
    """The short id of the commit, with a `+` when files that are kept differ from it."""

    def git(*arguments: str) -> str:
        try:
            done = subprocess.run(
                ["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        except OSError:
            return ""
        return done.stdout.strip()

    name = git("rev-parse", "--short", "HEAD")
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/performance.md")
    return (name + ("+" if changed else "")) or "unknown"


def _rasa_versions() -> dict[str, str]:
    code = f"import importlib.metadata as m\nfor p in {RASA_PACKAGES!r}: print(p, m.version(p))"
    done = subprocess.run([str(RASA_PYTHON), "-c", code], stdout=subprocess.PIPE, check=True, text=True)
    return dict(line.split() for line in done.stdout.splitlines())


def about(settings: Settings, release: str) -> dict[str, object]:
    """Date, commit, release, encoder, machine and versions, as plain data."""
    return {
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "release": release,
        "encoder": f"{settings.encoder} on {settings.encoder_backend}, {settings.encoder_threads} thread"
        + ("s" if settings.encoder_threads != 1 else ""),
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "app": {package: importlib.metadata.version(package) for package in APP_PACKAGES},
        "rasa": _rasa_versions(),
    }
