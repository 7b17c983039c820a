"""The packs that are served, read once for all tests of the exchange, and a folder of them to change."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from customs.settings import ROOT
from knowledge_base.model import Pack
from knowledge_base.packs import read_pack

CONTENT = ROOT / "knowledge_base" / "content"


@cache
def pack(administration: str) -> Pack:
    """The pack that is served."""
    return read_pack(CONTENT / administration)


def copied(administration: str, into: Path) -> Path:
    """A pack's folder that a test may change."""
    return Path(shutil.copytree(CONTENT / administration, into / administration))
