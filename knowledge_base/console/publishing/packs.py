"""What is published, as packs: only the administrations of which something changed are written anew, and of them the topics."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

from knowledge_base.console.guidance.exporting import marks_of_topics, plain_pack, write_packs
from knowledge_base.console.guidance.models import Administration
from knowledge_base.pack_writing import pack_texts, write_texts


class PublishedPacks:
    """Keeps the packs in `folder`. The first time, and whenever nobody knows what changed, all of them are written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._whole = False
        self._topics: dict[str, dict[str, Any]] = {}  # as they were written last, by administration

    def write(self, into: Path, changed: Collection[str] | None) -> None:
        """Write the packs of all that is published into the empty folder `into`; `changed` are the administrations that may be other now."""
        if changed is None or not self._whole or not self._refresh(changed):
            self._whole = False  # should the writing fail in the middle
            self._folder.mkdir(parents=True, exist_ok=True)
            self._topics = {each.key: marks_of_topics(each) for each in Administration.objects.filter(live=True)}
            write_packs(self._folder)
            self._whole = True
        shutil.copytree(self._folder, into, dirs_exist_ok=True)

    def _refresh(self, changed: Collection[str]) -> bool:
        """Write the `changed` ones; False when one of them came or went, which is a matter of all."""
        for key in changed:
            administration = Administration.objects.filter(live=True, key=key).first()
            marks = marks_of_topics(administration) if administration else {}
            if not marks or not (self._folder / key).is_dir():
                return False
            known = self._topics.pop(key, {})
            other = [topic for topic, mark in marks.items() if known.get(topic) != mark]
            texts = pack_texts(plain_pack(administration, only_topics=other))
            for topic in marks.keys() - set(other):
                name = f"faq/{topic}.yml"
                texts[name] = (self._folder / key / name).read_text(encoding="utf-8")
            write_texts(texts, self._folder / key)
            self._topics[key] = marks
        return True
