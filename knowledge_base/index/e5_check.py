"""Check a converted e5-small against stored token ids and vectors, and its ONNX graphs against torch.

The stored values were made by this converter with the shipped adapter; without one it was compared once with the package's own engine
(cosine above 0.9999).
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
        [0.0065, -0.0299, -0.0745, 0.0559, -0.0763, -0.0731, -0.0296, -0.0150],
        -0.1202,
    ),
    Reference(
        "passage: Declare cash over 60,000 dirhams.",
        [0, 46692, 12, 25755, 38103, 49456, 645, 6, 198077, 5402, 3915, 7, 5, 2],
        [0.0808, -0.0275, -0.0380, 0.0438, -0.0634, -0.0073, -0.0400, 0.0106],
        -0.1118,
    ),
    Reference(
        "query: كم زجاجة نبيذ أقدر أدخل معي",
        [0, 41, 1294, 12, 28521, 9304, 68699, 250, 92991, 4399, 1333, 36465, 1333, 48006, 1546, 179, 2],
        [-0.0168, -0.0751, -0.0790, 0.0719, -0.0722, -0.1069, 0.0063, -0.0057],
        -0.2156,
    ),
    Reference(
        "query: क्या मैं दवाई ला सकता हूँ",
        [0, 41, 1294, 12, 6004, 10399, 138187, 5278, 11026, 17760, 28035, 2],
        [0.0663, -0.0282, -0.0485, 0.0681, -0.0290, -0.0874, -0.0125, -0.0001],
        -0.1173,
    ),
    Reference(
        "query: 可以带多少烟",
        [0, 41, 1294, 12, 6, 1441, 9075, 22517, 33784, 2],
        [0.0170, -0.0325, -0.0540, 0.0636, -0.0482, -0.0690, 0.0024, -0.0084],
        -0.2022,
    ),
    Reference(  # full-width letters, a combining accent and a tab: the normaliser at work
        "query: Ｃａｆｅ\u0301\tсколько сигарет",
        [0, 41, 1294, 12, 61427, 47381, 224940, 2],
        [0.0311, -0.0386, -0.0410, 0.0557, -0.0804, -0.0961, -0.0135, -0.0076],
        -0.1929,
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
