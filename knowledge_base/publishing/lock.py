"""One publisher at a time: a lock on a file beside the releases, which the system lets go of when its process dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge_base.errors import KnowledgeError
from knowledge_base.said import Said

BUILDING, SWITCHING = ".building.lock", ".switching.lock"
_LOOK_AGAIN_S = 0.05


class LockBusy(KnowledgeError):
    """Another process has been publishing for too long."""


@contextlib.contextmanager
def held(
    releases: Path, name: str, wait_s: float = 600.0, waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Hold the lock `name` of the folder `releases`; `waiting` is called once when somebody else has it.

    Raises `LockBusy` after `wait_s` seconds. Threads of one process are kept apart as processes are.
    """
    releases.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + wait_s
    told = False
    descriptor = os.open(releases / name, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    told = True
                    waiting()
                if time.monotonic() >= until:
                    raise LockBusy(
                        Said(
                            "{file} has been held by another publisher for {seconds} s. "
                            "Wait until it is done, or stop that process if it hangs.",
                            file=releases / name,
                            seconds=f"{wait_s:g}",
                        )
                    ) from None
                time.sleep(_LOOK_AGAIN_S)
        yield
    finally:
        os.close(descriptor)  # lets go of the lock too
