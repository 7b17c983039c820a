"""What a new release can take over of the one that is served."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge_base.index.files import damaged, files_of
from knowledge_base.index.gate_building import FITTED_ON, GATE
from knowledge_base.index.shelf_renewal import Served


@dataclass(frozen=True)
class Base:
    """The served release, as far as it can go on; its `manifest` is empty when other code made it, or for another encoder.

    `looked_at` gathers its files that are as they were written, with their hashes.
    """

    folder: Path
    manifest: dict[str, Any]
    looked_at: dict[Path, str] = field(default_factory=dict)

    def is_whole(self, part: str) -> bool:
        """Is `part`, a file or a folder with all that is in it, there and as it was written?"""
        files = files_of(self.manifest, part)
        if not files or damaged(self.folder, files):
            return False
        self.looked_at.update({self.folder / name: digest for name, digest in files.items()})
        return True

    def shelf(self, name: str) -> Served | None:
        """One administration of it, when it is there and whole."""
        return Served(self.folder / name, self.manifest["counts"][name]) if self.is_whole(name) else None

    def gate(self) -> tuple[Path, dict[str, Any]] | None:
        """Its gate, when it is there and whole."""
        return (self.folder, self.manifest["gate"]) if all(map(self.is_whole, (GATE, FITTED_ON))) else None
