"""What every step of the set-up is run with: folders, output, stamps. Standard library alone, Python 3.8 or newer."""

import hashlib
import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Dict, Iterable, List, Optional

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
APP_PYTHON = VENV / "app" / "bin" / "python"
RASA_PYTHON = VENV / "rasa" / "bin" / "python"
UV = VENV / "tools" / "bin" / "uv"


class SetupError(Exception):
    """A step of the set-up failed; the message says which and what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def var_dir() -> Path:
    path = Path(os.environ.get("CUSTOMS_VAR_DIR", "var")).expanduser()
    return path if path.is_absolute() else ROOT / path


def models_dir() -> Path:
    path = Path(os.environ.get("CUSTOMS_MODELS_DIR", "models")).expanduser()
    return path if path.is_absolute() else ROOT / path


def run_step(title: str, command: List[str], environment: Optional[Dict[str, str]] = None) -> None:
    """Run one step, passing its output on and giving a sign of life while it is silent. Raises `SetupError`."""
    say("• " + title)
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=str(ROOT), env=environment or step_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True, bufsize=1,
    )  # fmt: skip
    heard = [time.monotonic()]

    def sign_of_life() -> None:
        while process.poll() is None:
            time.sleep(1)
            if time.monotonic() - heard[0] > 5 and process.poll() is None:
                say("    … %d s" % (time.monotonic() - started))
                heard[0] = time.monotonic()

    threading.Thread(target=sign_of_life, daemon=True).start()
    assert process.stdout is not None
    try:
        for line in process.stdout:
            heard[0] = time.monotonic()
            line = line.rstrip()
            if line:
                say("    " + line)
        process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    if process.returncode != 0:
        raise SetupError("customs: the step %r failed (exit %d): %s" % (title, process.returncode, " ".join(command)))
    say("    done in %.0f s" % (time.monotonic() - started))


def step_environment() -> Dict[str, str]:
    """The environment of a step: our packages importable, nothing calling home, byte code kept (it halves Rasa's start)."""
    environment = dict(os.environ)
    environment.update(
        PYTHONPATH=str(ROOT), RASA_TELEMETRY_ENABLED="false", HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1",
        TF_CPP_MIN_LOG_LEVEL="2", TOKENIZERS_PARALLELISM="false", PYTHONUNBUFFERED="1", PYTHONWARNINGS="ignore", SQLALCHEMY_SILENCE_UBER_WARNING="1",
    )  # fmt: skip
    # One question uses one thread; more only spin against the other parts, and made opening a release take seconds.
    for library in ("OMP", "OPENBLAS", "MKL"):
        environment.setdefault(library + "_NUM_THREADS", "1")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def digest(paths: Iterable[Path], *more: str) -> str:
    """Hash of the files' names and content."""
    total = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT) if ROOT in path.parents else path).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def is_fresh(stamp: Path, mark: str) -> bool:
    return stamp.exists() and stamp.read_text().strip() == mark
