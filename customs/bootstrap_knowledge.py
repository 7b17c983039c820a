"""What the service knows and finds with: the converted encoders and the release; and where their making stands.

Who makes them holds a lock on `knowledge.json` in the folder for what is written at run time, and writes there which step is at work. So the
console opens while the knowledge is made, and tells what it waits for. A maker that was killed has let go of the lock.
"""

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

from customs.bootstrap_steps import APP_PYTHON, ROOT, SetupError, digest, is_fresh, models_dir, run_step, say, var_dir

STATE = "knowledge.json"
_LOOK_AGAIN_S = 0.5


class Making(NamedTuple):
    """The knowledge is not ready: which step is at work since which second (of the epoch), or why the last one failed."""

    step: str
    since: float
    failed: str = ""


def making(folder: Path) -> Optional[Making]:
    """Where the making of the knowledge in `folder` stands; None: nobody makes it, and nothing failed."""
    path = folder / STATE
    try:
        with path.open(encoding="utf-8") as file:
            at_work = not _taken(file.fileno(), fcntl.LOCK_SH)
            known = json.loads(file.read() or "{}")
    except (OSError, ValueError):
        return None
    if not isinstance(known, dict) or (not at_work and not known.get("failed")):
        return None
    return Making(str(known.get("step", "")), float(known.get("since", 0)), "" if at_work else str(known["failed"]))


def _taken(descriptor: int, how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _maker(folder: Path) -> Iterator[Path]:
    """Be the one that makes the knowledge; a second one waits here."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / STATE
    with path.open("a", encoding="utf-8") as file:
        tries = 0
        while not _taken(file.fileno()):
            tries += 1
            if tries == 3:  # who only looks holds the lock for a moment too
                say("• Somebody else prepares the knowledge just now; this waits for it")
            time.sleep(_LOOK_AGAIN_S)
        yield path


def _tell(path: Path, step: str, failed: str = "") -> None:
    path.write_text(json.dumps({"step": step, "since": time.time(), "failed": failed}), encoding="utf-8")


def make_knowledge() -> None:
    """Convert the encoders and build the release where they are missing or made from something else. Raises `SetupError`."""
    with _maker(var_dir()) as state:
        step = ""
        try:
            if not is_encoder_ready():
                step = "encoder"
                _tell(state, step)
                ensure_encoder()
            if not is_release_ready():
                step = "release"
                _tell(state, step)
                ensure_release()
            state.write_text("", encoding="utf-8")
        except SetupError as error:
            _tell(state, step, str(error))
            raise


def is_knowledge_ready() -> bool:
    """Are the encoders and a release there, made from what lies here?"""
    return is_encoder_ready() and is_release_ready()


# ---------------------------------------------------------------- encoders


def _encoder_mark() -> str:
    names = ("conversion.py", "e5_file.py", "e5_adapter.py", "e5_adapter.npz", "e5_convert.py", "inner_layers.py", "onnx_export.py")
    sources = [ROOT / "knowledge_base" / "index" / name for name in names]
    return digest([path for path in sources if path.exists()] + [ROOT / "requirements" / "app.lock"])


def _encoder_stamp() -> Path:
    return models_dir() / "e5-small" / ".stamp"


def is_encoder_ready() -> bool:
    return is_fresh(_encoder_stamp(), _encoder_mark())


def ensure_encoder() -> None:
    """The converted encoders in models/; the converter itself skips what is done, but even importing it takes seconds."""
    if is_encoder_ready():
        return
    mark = _encoder_mark()
    run_step("Converting and verifying the encoder", [str(APP_PYTHON), "-m", "knowledge_base.index.e5_file"])
    _encoder_stamp().write_text(mark)


# ---------------------------------------------------------------- release


def _release_mark() -> str:
    knowledge = ROOT / "knowledge_base"
    patterns = ("content/**/*.yml", "scope/*.yml", "*.py", "index/*.py", "index/*.npz", "*.yml", "places_data/*.t*")
    paths = {path for pattern in patterns for path in knowledge.glob(pattern)}
    if os.environ.get("CUSTOMS_CONTENT_DIR"):
        paths.update((ROOT / Path(os.environ["CUSTOMS_CONTENT_DIR"]).expanduser()).glob("**/*.yml"))
    switches = [os.environ.get("CUSTOMS_" + name, "") for name in ("ENCODER", "ENCODER_BACKEND", "ADMINISTRATIONS", "CONTENT_DIR")]
    return digest(paths, *switches)


def _release_stamp() -> Path:
    return var_dir() / "releases" / ".stamp"


def is_release_ready() -> bool:
    there = (_release_stamp().parent / "current" / "manifest.json").exists()
    return there and is_fresh(_release_stamp(), _release_mark())


def ensure_release() -> None:
    """The knowledge release; built again only when the content, or what builds it, changed."""
    if is_release_ready():
        return
    mark = _release_mark()
    run_step("Building the knowledge release", [str(APP_PYTHON), "-m", "customs.cli", "build"])
    _release_stamp().write_text(mark)
