"""What is worked off beside the publishing, in a thread of its own: tables and shipped guidance that are looked at and taken over."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import close_old_connections, connections
from django.utils import translation
from django.utils.translation import gettext as _

from knowledge_base.console.exchange.models import Errand, ShippedLook, TableUpload
from knowledge_base.console.exchange.shipped_errands import look_at_shipped, take_shipped
from knowledge_base.console.exchange.table_errands import look_at_table, take_table
from knowledge_base.errors import KnowledgeError

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
_AFTER_A_FAULT_S = 5.0
# What each kind of errand does when it looks and when it takes over.
_ACTS: dict[type[Errand], dict[str, Callable]] = {
    TableUpload: {Errand.Step.LOOK: look_at_table, Errand.Step.TAKE: take_table},
    ShippedLook: {Errand.Step.LOOK: look_at_shipped, Errand.Step.TAKE: take_shipped},
}


@contextmanager
def errands_beside(stop: threading.Event) -> Iterator[None]:
    """While the context lasts, errands are done as they come in, until `stop`."""
    ended = threading.Event()
    thread = threading.Thread(target=_run, args=(stop, ended), name="errands", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10)


def _run(stop: threading.Event, ended: threading.Event) -> None:
    try:
        _work(stop, ended)
    finally:
        connections.close_all()  # those of this thread


def _work(stop: threading.Event, ended: threading.Event) -> None:
    begun = False
    while not (stop.is_set() or ended.is_set()):
        try:
            close_old_connections()
            if not begun:
                give_back_interrupted()
                begun = True
            if not work_off():
                ended.wait(LOOK_EVERY_S)
        except Exception:  # a database that is away for a minute must not end the errands for good
            log.exception("The errands of the console met a fault and go on")
            ended.wait(_AFTER_A_FAULT_S)


def give_back_interrupted() -> None:
    """What a worker that ended had begun waits again; nothing of it was kept. Only for the one worker that holds the lock."""
    for kind in _ACTS:
        kind._default_manager.filter(begun=True).update(begun=False)


def work_off() -> bool:
    """Do the oldest errand; False when none waits."""
    waiting = [
        errand
        for kind, acts in _ACTS.items()
        for errand in kind._default_manager.filter(step__in=list(acts), begun=False).order_by("step_at")[:1]
    ]
    if not waiting:
        return False
    errand = min(waiting, key=lambda each: each.step_at)
    kind, step = type(errand), errand.step
    if not kind._default_manager.filter(pk=errand.pk, step=step, step_at=errand.step_at, begun=False).update(
        begun=True
    ):
        return True  # it was given up meanwhile, or somebody else does it
    errand.begun = True
    with translation.override(errand.tongue):
        try:
            _ACTS[kind][step](errand)
        except (KnowledgeError, PermissionDenied) as error:
            _refuse(errand, str(error))
        except Exception:
            log.exception("%s %s cannot be done", kind.__name__, errand.pk)
            _refuse(errand, _("A fault of the program; its keepers find it in their log. Nothing was changed."))
    return True


def _refuse(errand: Errand, problem: str) -> None:
    again = type(errand)._default_manager.get(pk=errand.pk)  # without what was set before the fault
    again.move(Errand.Step.REFUSED, problem=problem)
