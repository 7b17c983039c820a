"""What is published, as packs: only the administrations of which something changed are written anew."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from knowledge_base.console.guidance.exporting import plain_pack, write_packs
from knowledge_base.console.guidance.models import Administration
from knowledge_base.pack_writing import pack_texts, write_texts


class PublishedPacks:
    """Keeps the packs in `folder`. The first time, and whenever nobody knows what changed, all of them are written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._whole = False

    def write(self, into: Path, changed: Collection[str] | None) -> None:
        """Write the packs of all that is published into the empty folder `into`; `changed` are the administrations that may be other now."""
        if changed is None or not self._whole or not self._refresh(changed):
            self._whole = False  # should the writing fail in the middle
            self._folder.mkdir(parents=True, exist_ok=True)
            write_packs(self._folder)
            self._whole = True
        shutil.copytree(self._folder, into, dirs_exist_ok=True)

    def _refresh(self, changed: Collection[str]) -> bool:
        """Write the `changed` ones; False when one of them came or went, which is a matter of all."""
        for key in changed:
            administration = Administration.objects.filter(live=True, key=key).first()
            texts = pack_texts(plain_pack(administration)) if administration else {}
            if not any(name.startswith("faq/") for name in texts) or not (self._folder / key).is_dir():
                return False
            write_texts(texts, self._folder / key)
        return True
