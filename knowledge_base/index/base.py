"""What a new release can take over of the one that is served."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge_base.index.files import Looked, damaged, files_of
from knowledge_base.index.gate_building import FITTED_ON, GATE
from knowledge_base.index.shelf_renewal import Served


@dataclass(frozen=True)
class Base:
    """The served release, as far as it can go on; its `manifest` is empty when other code made it, or for another encoder.

    `looked` knows the hashes of files that were looked at before.
    """

    folder: Path
    manifest: dict[str, Any]
    looked: Looked = field(default_factory=Looked)

    def is_whole(self, part: str) -> bool:
        """Is `part`, a file or a folder with all that is in it, there and as it was written?"""
        files = files_of(self.manifest, part)
        return bool(files) and damaged(self.folder, files, self.looked) is None

    def shelf(self, name: str) -> Served | None:
        """One administration of it, when it is there and whole."""
        return Served(self.folder / name, self.manifest["counts"][name]) if self.is_whole(name) else None

    def gate(self) -> tuple[Path, dict[str, Any]] | None:
        """Its gate, when it is there and whole."""
        return (self.folder, self.manifest["gate"]) if all(map(self.is_whole, (GATE, FITTED_ON))) else None
