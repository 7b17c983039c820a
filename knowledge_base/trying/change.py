"""What is tried: parts of one administration as they would stand when they were published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.model import Administration, Entry, Figure, Source


@dataclass(frozen=True)
class Change:
    """New and changed parts of `administration` (its id), each by its own id; `topics` maps the entries' ids to their topics.

    `rules` holds data of sums by the name of their file, `head` the administration itself, where these are changed.
    """

    administration: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    head: Administration | None = None
