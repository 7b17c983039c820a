"""What our questions taught the encoder: low-rank additions to the weights of its last layers, merged when it is converted.

The file lies in the repository; `python -m knowledge_base.adapting` makes it anew. docs/decisions/0017-adapted-encoder.md says what it brings.
"""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from knowledge_base.errors import KnowledgeError

FILE = Path(__file__).with_name("e5_adapter.npz")
# The parts of a layer as the weight file names them, and where a BertModel has them.
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}


class AdapterError(KnowledgeError):
    """The adapter's file is missing or broken; the message names it and the remedy."""


def read(path: Path = FILE) -> dict[str, np.ndarray]:
    """What is added to each weight: `"8.q"` (layer, part) → (out, in) float32. Raises `AdapterError`."""
    try:
        with np.load(path, allow_pickle=False) as held:
            # In 64 bits, so that the sum rounds to the same weight however many threads or whichever processor adds it up: the encoder's
            # id is a hash of the weights, and machines that share releases must agree on it.
            factors = {name: held[name].astype(np.float64) for name in held.files}
        names = {name.rpartition(".")[0] for name in factors}
        return {name: (factors[f"{name}.up"] @ factors[f"{name}.down"]).astype(np.float32) for name in sorted(names)}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise AdapterError(
            f"The encoder's adapter {path.name} cannot be read ({error}); restore it with `git checkout -- {path.name}` in "
            f"its folder, or make it anew with `python -m knowledge_base.adapting`."
        ) from error


def write(path: Path, factors: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Write `factors`: `"8.q"` → (down (rank, in), up (out, rank)), kept as 16-bit floats."""
    arrays = {}
    for name, (down, up) in sorted(factors.items()):
        arrays[f"{name}.down"], arrays[f"{name}.up"] = down.astype(np.float16), up.astype(np.float16)
    np.savez_compressed(path, **arrays)
