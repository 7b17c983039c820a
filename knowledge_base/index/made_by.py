"""By which code and for which encoder a release is made: what another code made is made anew."""

from __future__ import annotations

import hashlib
from pathlib import Path

from knowledge_base.index.embeddings import Encodes

_BUILT_BY = (
    "calibration.py", "scope.py", "ranking.py", "siblings.py", "rows.py", "renewal.py", "lexical.py", "letters.py", "release.py", "shelf_building.py",
    "shelf_renewal.py", "shelf_texts.py", "canonical.py", "contents.py", "base.py", "gate_building.py", "plain_names.py", "../slang.yml", "../spelling.py",
    "../tariff/finder.py",
)  # fmt: skip


def made_by_digest(form: int, encoder: Encodes) -> str:
    """Changes when the code that builds changes, which must lead to a new release too, or its format, or the encoder."""
    digest = hashlib.sha256(f"{form}\0{encoder.id}".encode())
    for name in _BUILT_BY:
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()
