"""The knowledge base as the actions use it: one encoder, the served release, swapped when a new one appears."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from knowledge_base.places import Administrations

from customs.settings import Settings
from knowledge_base.errors import KnowledgeError, ReleaseError
from knowledge_base.index.encoder import load_encoder
from knowledge_base.index.release import CURRENT, Release, open_release
from knowledge_base.search import Searcher

log = logging.getLogger(__name__)


class Knowledge:
    """Holds the searcher of the served release. `searcher` is replaced whole, so a request keeps the one it began with.

    A release that cannot be opened is reported and left alone: the last good one goes on serving.
    """

    def __init__(self, settings: Settings) -> None:
        self._link = settings.var_dir / "releases" / CURRENT
        self._encoder = load_encoder(
            settings.encoder,
            backend=settings.encoder_backend,
            threads=settings.encoder_threads,
            models_dir=settings.models_dir,
        )
        self._searcher: Searcher | None = None
        self._places: Administrations | None = None
        self._seen: Path | None = None
        self.problem: str | None = None
        self.refresh()

    @property
    def searcher(self) -> Searcher:
        """The searcher of the served release. Raises `ReleaseError` when none could be opened yet."""
        if self._searcher is None:
            raise ReleaseError(self.problem or "no release has been opened")
        return self._searcher

    @property
    def release(self) -> Release:
        return self.searcher.release

    @property
    def release_id(self) -> str | None:
        """The id of the release that is served, or None."""
        return self._searcher.release.id if self._searcher else None

    @property
    def places(self) -> Administrations:
        """Finds the administrations that a text names. Raises `ReleaseError` like `searcher`."""
        if self._places is None:
            raise ReleaseError(self.problem or "no release has been opened")
        return self._places

    def refresh(self) -> bool:
        """Open the release that is linked as current, if it is another than the one open; True when swapped."""
        target = self._link.resolve()
        if target == self._seen and self._searcher is not None:
            return False
        try:
            release = open_release(self._link, self._encoder)
        except KnowledgeError as error:
            if self.problem != str(error):  # once, not every second
                log.error("release not opened: %s", error)
            self.problem = str(error)
            return False
        searcher = Searcher(release, self._encoder)
        profiles = [shelf.administration for shelf in release.shelves.values()]
        self._places = Administrations(profiles)
        self._searcher, self._seen, self.problem = searcher, target, None
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
