"""The knowledge base as the actions use it: one encoder, the served release, swapped when a new one appears."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from actions.ahead import Once, encode_ahead
from customs.settings import Settings
from knowledge_base.errors import KnowledgeError, ReleaseError
from knowledge_base.index.embeddings import Encodes
from knowledge_base.index.encoder import load_encoder
from knowledge_base.index.release import CURRENT, Release, open_release
from knowledge_base.places import Administrations
from knowledge_base.search import Searcher

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """One open release with its search and its place names. A turn keeps the one it began with, whatever is swapped in."""

    release: Release
    searcher: Searcher
    places: Administrations


class Knowledge:
    """Holds what is served: `served` is replaced whole, or None with the reason in `problem` while nothing could be opened.

    A release that cannot be opened is reported and left alone: the last good one goes on serving. `encoder` is loaded by the
    settings when none is given.
    """

    def __init__(self, settings: Settings, encoder: Encodes | None = None) -> None:
        self._link = settings.var_dir / "releases" / CURRENT
        encoder = encoder or load_encoder(
            settings.encoder,
            backend=settings.encoder_backend,
            threads=settings.encoder_threads,
            models_dir=settings.models_dir,
        )
        self._encoder: Encodes = Once(encoder)
        self._seen: Path | None = None
        self._refreshing = threading.Lock()
        self.served: Served | None = None
        self.problem: str | None = None
        self.refresh()

    @property
    def searcher(self) -> Searcher:
        """The searcher of the served release. Raises `ReleaseError` when none could be opened yet."""
        if self.served is None:
            raise ReleaseError(self.problem or "no release has been opened")
        return self.served.searcher

    @property
    def release_id(self) -> str | None:
        """The id of the release that is served, or None."""
        return self.served.release.id if self.served else None

    def encode_ahead(self, text: str) -> None:
        """Have the vectors of a question made that an action is about to search for."""
        encode_ahead(self._encoder, text)

    def refresh(self) -> bool:
        """Open the release that is linked as current, if it is another than the one open; True when swapped."""
        with self._refreshing:
            target = self._link.resolve()
            if self.served is not None and target == self._seen:
                return False
            try:
                # By the resolved name: the link may move on while the files are read.
                release = open_release(target, self._encoder, like=self.served.release if self.served else None)
            except (KnowledgeError, OSError, ValueError, KeyError) as error:
                problem = str(error) if isinstance(error, KnowledgeError) else f"Release {target.name}: {error!r}"
                if self.problem != problem:  # once, not every second
                    log.error("release not opened: %s", problem)
                self.problem = problem
                return False
            places = Administrations([shelf.administration for shelf in release.shelves.values()])
            self.served = Served(release, Searcher(release, self._encoder), places)
            self._seen, self.problem = target, None
            log.info("release %s is served", release.id)
            return True

    def watch(self, every_s: float) -> threading.Thread:
        """Start a thread that looks for a new release every `every_s` seconds."""

        def run() -> None:
            while True:
                time.sleep(every_s)
                try:
                    self.refresh()
                except Exception:  # the watcher must outlive whatever a half-written folder makes it meet
                    log.exception("looking for a new release failed")

        thread = threading.Thread(target=run, name="release-watch", daemon=True)
        thread.start()
        return thread
