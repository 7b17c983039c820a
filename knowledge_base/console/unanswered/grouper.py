"""New questions are put into groups beside the worker's publishing, a few at a time, in a thread of their own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from customs.asked import Store, StoreError
from knowledge_base.console.unanswered.asked import asked_store, group_new

log = logging.getLogger(__name__)

# A question that somebody waits to see grouped is rare, and encoding takes the processor from those who ask.
EVERY_S = 60.0
AT_ONCE = 100
# Between two portions of a long row, so that a publication that begins meanwhile gets its share.
_BREATH_S = 0.5


@contextmanager
def grouping_beside(stop: threading.Event, every_s: float = EVERY_S) -> Iterator[None]:
    """While the context lasts, questions that come in are grouped at the beginning and every `every_s` seconds, until `stop`."""
    ended = threading.Event()
    thread = threading.Thread(target=_run, args=(stop, ended, every_s), name="grouping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10)


def _run(stop: threading.Event, ended: threading.Event, every_s: float) -> None:
    while not (stop.is_set() or ended.is_set()):
        try:
            with asked_store() as store:
                group_all(store, stop, ended)
        except (StoreError, OSError) as error:
            log.error("New questions are not put into groups, and are tried again in %g s: %s", every_s, error)
        except Exception:  # a fault with one question must not end the grouping of all that follow
            log.exception("The grouping of questions met a fault and goes on in %g s", every_s)
        ended.wait(every_s)


def group_all(store: Store, *stops: threading.Event) -> int:
    """Group what waits for a group, in portions, until nothing does or one of `stops` is set; returns how many were grouped."""
    grouped = 0
    while (before := store.waiting_without_group()) and not any(stop.is_set() for stop in stops):
        if group_new(store, AT_ONCE):
            break
        grouped += before - store.waiting_without_group()
        if before > AT_ONCE and stops:
            stops[-1].wait(_BREATH_S)
    if grouped:
        log.info("%d questions were put into groups", grouped)
    return grouped
