"""When nobody publishes for a while, what was learned in part is learned anew, and a change that comes meanwhile goes first.

A changed question is served in seconds because only what is new is learned, over a release that knows the rest. So much is settled
differently by that as a few wordings can settle; this ends it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from knowledge_base.console.publishing.outbox import current_hold, waiting
from knowledge_base.errors import KnowledgeError
from knowledge_base.index.manifest import CONSOLE, CONTENT, CURRENT, read_manifest, renewed_texts
from knowledge_base.publishing.publisher import Published, Publisher

log = logging.getLogger(__name__)

QUIET_S = 600.0


class _AChangeWaits(Exception):
    """Something is to be published: it goes first."""


class QuietTime:
    """Learns the served release anew when `QUIET_S` have passed since `something_happened`."""

    def __init__(self, publisher: Publisher, clock: Callable[[], float]) -> None:
        self._publisher = publisher
        self._clock = clock
        self._since = clock()
        self._looked_at = ""

    def something_happened(self) -> None:
        """Somebody publishes: the quiet begins again."""
        self._since = self._clock()

    def use(self) -> bool:
        """Learn anew if it is time to and there is something to learn; True when another release is served by that."""
        if self._clock() - self._since < QUIET_S or current_hold():
            return False
        served = (self._publisher.releases / CURRENT).resolve()
        if served.name == self._looked_at:
            return False
        try:
            manifest = read_manifest(served)
            learned = manifest["origin"] != CONSOLE or not renewed_texts(manifest)
            done = None if learned else self._publish(served / CONTENT)
        except _AChangeWaits:
            return False
        except (KnowledgeError, OSError, KeyError, TypeError) as error:
            # What is served goes on. It is tried again with another release, not every moment with this one.
            log.warning("release %s was not learned anew: %s", served.name, error)
            done = None
        self._looked_at = served.name
        return bool(done and done.is_new)

    def _publish(self, content: Path) -> Published:
        return self._publisher.publish(content, origin=CONSOLE, anew=True, go_on=_unless_a_change_waits, say=log.info)


def _unless_a_change_waits() -> None:
    if waiting().exists():
        raise _AChangeWaits
