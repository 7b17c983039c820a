"""Check a converted e5-small against stored token ids and vectors, and its ONNX graphs against torch.

The stored values were made by this converter and compared once with the package's own engine (cosine above 0.9999).
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np


class Reference(NamedTuple):
    """A text with its token ids, every 48th component of its unit vector, and the sum of all 384 components."""

    text: str
    ids: list[int]
    components: list[float]
    total: float


REFERENCES = (
    Reference(
        "query: how much wine can i bring into dubai",
        [0, 41, 1294, 12, 3642, 5045, 108069, 831, 17, 19095, 3934, 115, 28449, 2],
        [0.0153, -0.0297, -0.0926, 0.0585, -0.0728, -0.0505, -0.0187, -0.0335],
        -0.1247,
    ),
    Reference(
        "passage: Declare cash over 60,000 dirhams.",
        [0, 46692, 12, 25755, 38103, 49456, 645, 6, 198077, 5402, 3915, 7, 5, 2],
        [0.0809, -0.0246, -0.0391, 0.0392, -0.0716, -0.0096, -0.0274, 0.0071],
        -0.1080,
    ),
    Reference(
        "query: كم زجاجة نبيذ أقدر أدخل معي",
        [0, 41, 1294, 12, 28521, 9304, 68699, 250, 92991, 4399, 1333, 36465, 1333, 48006, 1546, 179, 2],
        [-0.0107, -0.0748, -0.0768, 0.0695, -0.0739, -0.0931, 0.0139, -0.0076],
        -0.2032,
    ),
    Reference(
        "query: क्या मैं दवाई ला सकता हूँ",
        [0, 41, 1294, 12, 6004, 10399, 138187, 5278, 11026, 17760, 28035, 2],
        [0.0778, -0.0276, -0.0435, 0.0688, -0.0405, -0.0893, -0.0152, 0.0125],
        -0.1350,
    ),
    Reference(
        "query: 可以带多少烟",
        [0, 41, 1294, 12, 6, 1441, 9075, 22517, 33784, 2],
        [0.0379, -0.0487, -0.0476, 0.0464, -0.0521, -0.0427, -0.0004, -0.0291],
        -0.1934,
    ),
    Reference(  # full-width letters, a combining accent and a tab: the normaliser at work
        "query: Ｃａｆｅ\u0301\tсколько сигарет",
        [0, 41, 1294, 12, 61427, 47381, 224940, 2],
        [0.0176, -0.0320, -0.0680, 0.0593, -0.0764, -0.0791, -0.0168, 0.0068],
        -0.1979,
    ),
)
# The stored components have four decimals; another processor's arithmetic adds about 1e-6.
COMPONENT_TOLERANCE = 2e-4
TOTAL_TOLERANCE = 2e-3
_REMEDY = "Delete the folder and convert again with the versions of requirements/app.lock; if it stays so, report it."


def check_tokens(folder: Path) -> None:
    """Raise `ConversionError` unless the tokeniser in `folder` gives the stored ids."""
    from tokenizers import Tokenizer

    from knowledge_base.index.conversion import ConversionError

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for reference in REFERENCES:
        if (ids := tokenizer.encode(reference.text).ids) != reference.ids:
            raise ConversionError(f"Token ids of {reference.text!r} are {ids}, expected {reference.ids}. {_REMEDY}")


def check_vectors(folder: Path, tolerance: float, int8_cosine: float) -> None:
    """Raise `ConversionError` unless torch gives the stored vectors, ONNX those of torch, and 8 bits about the same.

    `tolerance` is the largest difference of one component between ONNX and torch, `int8_cosine` the least cosine of 8 bits.
    """
    from sentence_transformers import SentenceTransformer

    from knowledge_base.index import onnx_export
    from knowledge_base.index.conversion import ConversionError
    from knowledge_base.index.onnx_module import OnnxEncoderModule

    texts = [reference.text for reference in REFERENCES]
    torch_model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    expected = torch_model.encode(texts, show_progress_bar=False)
    for reference, vector in zip(REFERENCES, expected):
        off = np.abs(vector[::48] - np.array(reference.components)).max()
        off_total = abs(float(vector.sum()) - reference.total)
        if off > COMPONENT_TOLERANCE or off_total > TOTAL_TOLERANCE:
            raise ConversionError(
                f"The vector of {reference.text!r} is off by {off:.2g} in a component and {off_total:.2g} in the sum; "
                f"allowed are {COMPONENT_TOLERANCE:.2g} and {TOTAL_TOLERANCE:.2g}. {_REMEDY}"
            )
    del torch_model
    for graph in (onnx_export.FP32, onnx_export.INT8):
        model = SentenceTransformer(modules=[OnnxEncoderModule(str(folder), graph)], device="cpu")
        # All at once (padded to the longest) and one by one: the graph must depend on neither batch nor length.
        for actual in (model.encode(texts, show_progress_bar=False), np.vstack([model.encode(t) for t in texts])):
            difference = float(np.abs(actual - expected).max())
            cosine = float((actual * expected).sum(1).min())
            if (graph == onnx_export.FP32 and difference >= tolerance) or cosine < int8_cosine:
                raise ConversionError(
                    f"{graph} differs from torch by {difference:.2g} in a component, cosine {cosine:.4f}; allowed are "
                    f"{tolerance:.2g} in 32-bit floats and cosine {int8_cosine} in 8 bits. {_REMEDY}"
                )
