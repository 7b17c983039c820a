"""What was found about a draft, worked out beside the pages and kept by its content: a page opens at once and tells how far it is."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from knowledge_base.console.guidance.telling import told as in_words
from knowledge_base.console.review import desk
from knowledge_base.console.review.drafts import Draft
from knowledge_base.errors import KnowledgeError
from knowledge_base.trying.errors import TryError

log = logging.getLogger(__name__)
WAIT_S = 0.3  # a small pack is done by then, and nobody sees a page of waiting
TELL_EVERY_S = 0.5
# Another process that has told nothing for so long was stopped in the middle.
SILENT_S = 20.0
FAILED_FOR_S = 60.0
MOST_KEPT = 200
_MOST_REMEMBERED = 20
_FAILED = gettext_noop("This could not be worked out. The person who runs the console finds the reason in its log.")
# One after another: two at once would take twice as long each, and the pages of everybody with them.
_WORK = ThreadPoolExecutor(max_workers=1, thread_name_prefix="looking")
_lock = threading.Lock()
_jobs: dict[Path, _Job] = {}
_versions: dict[tuple[Any, ...], _Job] = {}  # by what a page knows without reading the draft


@dataclass(frozen=True)
class Looked:
    """`result` is what `findings.told` gives; while it is None, `done` of `of` questions were asked, or `problem` says why it ended."""

    result: dict[str, Any] | None = None
    problem: str = ""
    done: int = 0
    of: int = 0


class _Job:
    def __init__(self) -> None:
        self.ended = threading.Event()
        self.told: dict[str, Any] = {"done": 0, "of": 0}
        self.ended_at = 0.0

    @property
    def is_over(self) -> bool:
        """Did it fail, long enough ago to be begun again?"""
        return "problem" in self.told and time.monotonic() - self.ended_at > FAILED_FOR_S


def under_way(version: tuple[Any, ...]) -> Looked | None:
    """How far the work on this version is in this process, None when none is going on: to ask costs nothing."""
    with _lock:
        job = _versions.get(version)
    return None if job is None or job.ended.is_set() else _looked(job.told)


def look_at(draft: Draft, version: tuple[Any, ...] = (), wait_s: float = WAIT_S) -> Looked:
    """What was found about `draft` beside what is served today, begun where nobody has; waits at most `wait_s` for it. Raises `TryError`."""
    name = f"{desk.served_folder().name} {date.today()} {draft.change!r}"
    path = desk.settings().var_dir / "console" / "looked" / f"{hashlib.sha256(name.encode()).hexdigest()}.json"
    with _lock:
        job = _jobs.get(path)
        if job is None or (job.ended.is_set() and job.is_over):
            if (told := _kept(path)) is not None:
                return _looked(told)
            job = _jobs[path] = _Job()
            for key in [key for key, one in _versions.items() if one.ended.is_set()]:
                del _versions[key]
            _versions[version] = job
            _WORK.submit(_work, job, path, draft)
    job.ended.wait(wait_s)
    return _looked(job.told)


def _work(job: _Job, path: Path, draft: Draft) -> None:
    from knowledge_base.console.review.findings import findings, told

    written = 0.0

    def tell(done: int, of: int) -> None:
        nonlocal written
        job.told = {"done": done, "of": of}
        if time.monotonic() - written > TELL_EVERY_S:
            written = time.monotonic()
            _write(path, job.told)

    try:
        job.told = {"result": told(findings(draft, tell))}
    except KnowledgeError as error:
        sentence, values = (error.sentence, error.values) if isinstance(error, TryError) else (str(error), {})
        job.told = {"problem": sentence, "values": values}
    except Exception:  # whatever a half-written draft makes of the search, whoever waits must be told something
        log.exception("looking at a draft of %s failed", draft.change.administration)
        job.told = {"problem": _FAILED, "values": {}}
    _write(path, job.told)
    _forget(path.parent)
    job.ended_at = time.monotonic()
    job.ended.set()
    with _lock:
        # What is done stays here as well: a disk that is full must not have it worked out again and again.
        done = [each for each, other in _jobs.items() if other.ended.is_set()]
        for each in done[:-_MOST_REMEMBERED]:
            del _jobs[each]


def _kept(path: Path) -> dict[str, Any] | None:
    """What a file holds: a result, a failure of a moment ago, or how far another process is. None: it is to be begun."""
    try:
        age = time.time() - path.stat().st_mtime
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if "result" in told or age < (FAILED_FOR_S if "problem" in told else SILENT_S):
        return told
    return None


def _write(path: Path, told: dict[str, Any]) -> None:
    """Readers find all of it or none. Without a place to keep it, it is only told to who waits in this process."""
    aside = path.with_name(f".{uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        os.replace(aside, path)
    except OSError as error:
        log.warning("What was found about a draft is not kept: %s", error)


def _forget(folder: Path) -> None:
    age: Callable[[Path], float] = lambda path: path.stat().st_mtime  # noqa: E731
    try:
        for path in sorted(folder.glob("*.json"), key=age)[:-MOST_KEPT]:
            path.unlink()
    except OSError:  # another process forgets at the same time
        pass


def _looked(told: dict[str, Any]) -> Looked:
    """In the reader's language."""
    if "problem" in told:
        words = in_words(_(told["problem"]))
        return Looked(problem=words % told["values"] if told["values"] else words)
    return Looked(told.get("result"), done=told.get("done", 0), of=told.get("of", 0))
