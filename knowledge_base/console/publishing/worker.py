"""The one worker: takes what waits in the outbox, builds a release of it, and carries out what is scheduled.

Several may be started; the one that holds the lock beside the releases works, another takes over when it dies.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone

from knowledge_base.console.exchange.errands import errands_beside
from knowledge_base.console.publishing.models import Publication
from knowledge_base.console.publishing.outbox import changed_administrations, give_back_interrupted, take_along
from knowledge_base.console.publishing.packs import PublishedPacks
from knowledge_base.console.publishing.quiet import QuietTime
from knowledge_base.console.unanswered.grouper import grouping_beside
from knowledge_base.errors import KnowledgeError
from knowledge_base.index.manifest import CONSOLE
from knowledge_base.publishing.lock import LockBusy, held
from knowledge_base.publishing.publisher import PublicationStopped, Published, Publisher

log = logging.getLogger(__name__)

LOCK = ".worker.lock"
LOOK_EVERY_S = 0.25
SCHEDULE_EVERY_S = 10.0
_STANDBY_S = 2.0


class Worker:
    """Works until `stop` is set; what is published it keeps as packs beside the console's database."""

    def __init__(self, publisher: Publisher, clock: Callable[[], float] = time.monotonic) -> None:
        self.publisher = publisher
        self.packs = PublishedPacks(publisher.var_dir / "console" / "packs")
        self.stop = threading.Event()
        self._clock = clock
        self._quiet = QuietTime(publisher, clock)
        self._scheduled_at: float | None = None

    def run(self) -> None:
        """Work until somebody stops it; while another worker has the lock, wait for it."""
        while not self.stop.is_set():
            try:
                with held(self.publisher.releases, LOCK, wait_s=_STANDBY_S):
                    self._work()
            except LockBusy:
                continue

    def _work(self) -> None:
        give_back_interrupted()
        with grouping_beside(self.stop), errands_beside(self.stop):
            self._publish()

    def _publish(self) -> None:
        while not self.stop.is_set():
            try:
                close_old_connections()
                if not self.turn():
                    self.stop.wait(LOOK_EVERY_S)
            except Exception:  # a database that is away for a minute must not end the publishing for good
                log.exception("the worker of the console met a fault and goes on")
                self.stop.wait(_STANDBY_S)

    def turn(self) -> bool:
        """What is due now; True when something was published."""
        self._carry_out_schedule()
        publication = take_along()
        if publication is None:
            return self._quiet.use()
        publish(publication, self.publisher, self.packs)
        self._quiet.something_happened()
        return True

    def _carry_out_schedule(self) -> None:
        """Go-live and expiry whose moment has come; each change lands in the outbox as any other does."""
        now = self._clock()
        if self._scheduled_at is not None and now - self._scheduled_at < SCHEDULE_EVERY_S:
            return
        self._scheduled_at = now
        call_command("publish_scheduled", verbosity=0)


def publish(publication: Publication, publisher: Publisher, packs: PublishedPacks) -> None:
    """Build what is published and note in `publication` what became of it. Never raises for a fault of the content."""

    def on_step(step: str) -> None:
        publication.step = step
        publication.save(update_fields=["step"])

    try:
        changed = changed_administrations(publication)
        done = publisher.publish(
            lambda folder: packs.write(folder, changed),
            by=publication.by,
            comment=_about(publication),
            origin=CONSOLE,
            on_step=on_step,
            say=log.info,
        )
    except PublicationStopped as stopped:
        publication.step = stopped.step
        _end(publication, Publication.State.FAILED, reasons=list(stopped.reasons))
    except (KnowledgeError, OSError) as error:
        _end(publication, Publication.State.FAILED, reasons=[str(error)])
    except Exception as error:
        log.exception("publication %s failed", publication.pk)
        _end(publication, Publication.State.FAILED, reasons=[f"{type(error).__name__}: {error}"])
    else:
        _serve(publication, done)


def _serve(publication: Publication, done: Published) -> None:
    publication.release = done.release
    publication.changes = [str(change) for change in done.changes]
    publication.warnings = [str(worse) for worse in done.trial.worse] if done.trial else []
    publication.seconds = {step: round(seconds, 2) for step, seconds in done.seconds.items()}
    _end(publication, Publication.State.SERVED, reasons=[])


def _end(publication: Publication, state: str, reasons: list[str]) -> None:
    publication.state, publication.reasons, publication.ended_at = state, reasons, timezone.now()
    publication.save()
    log.info("publication %s: %s %s %s", publication.pk, state, publication.release, "; ".join(reasons))


def _about(publication: Publication) -> str:
    """What was changed, in a line for the list of releases."""
    keys = [row.key for row in publication.rows.all()[:6] if row.key]
    return ", ".join(dict.fromkeys(keys))
