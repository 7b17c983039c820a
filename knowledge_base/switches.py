"""What is switched off just now, and the urgent notices: one small file beside the releases, which every action server shares.

A target is `entry:gb.alcohol.allowance`, `topic:gb/alcohol`, `administration:gb` or `channel:telegram`.

>>> switches = Switchboard(Path("var/releases/switches.json")).current()
>>> switches.off_for("gb.alcohol.allowance", "alcohol")
Off(target='topic:gb/alcohol', comment='the new limit is being checked', by='huda', since=datetime.datetime(…))
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from knowledge_base.errors import KnowledgeError
from knowledge_base.publishing.lock import held
from knowledge_base.said import Said

log = logging.getLogger(__name__)

FILE = "switches.json"
FORMAT = 1
_LOCK = ".switches.lock"
_TARGET = re.compile(
    r"entry:[a-z]{2}(\.[a-z0-9_]+)+|topic:[a-z]{2}/[a-z][a-z0-9_]*|administration:[a-z]{2}|channel:[a-z][a-z0-9_-]*"
)
_LOOK_EVERY_S = 1.0


class SwitchError(KnowledgeError):
    """A switch or notice cannot be set; the message names the target or text and the way out."""


@dataclass(frozen=True)
class Off:
    """`target` is switched off since `since` by `by`; the comment says why."""

    target: str
    comment: str
    by: str
    since: datetime


@dataclass(frozen=True)
class Notice:
    """An urgent notice by language, shown in the answers of `targets` (entries, topics, administrations) between two moments; None: open."""

    id: str
    targets: tuple[str, ...]
    text: Mapping[str, str]
    start: datetime | None = None
    until: datetime | None = None
    by: str = ""
    comment: str = ""

    def holds_at(self, moment: datetime) -> bool:
        return (self.start is None or self.start <= moment) and (self.until is None or moment < self.until)

    def text_in(self, language: str) -> str:
        """The text in `language`, else in English, else in the first one given."""
        return self.text.get(language) or self.text.get("en") or next(iter(self.text.values()), "")


@dataclass(frozen=True)
class Switches:
    """All switches and notices of one moment; never changes."""

    off: tuple[Off, ...] = ()
    notices: tuple[Notice, ...] = ()

    def _first(self, targets: Iterable[str]) -> Off | None:
        return next((off for target in targets for off in self.off if off.target == target), None)

    def off_for(self, entry: str, topic: str | None) -> Off | None:
        """What switches the entry off: itself, its topic, its administration; None when it is on."""
        return self._first(targets_of(entry, topic))

    def topic_off(self, administration: str, topics: Iterable[str]) -> Off | None:
        """What switches one of the topics, or their administration, off."""
        return self._first(
            [*(f"topic:{administration}/{topic}" for topic in topics), f"administration:{administration}"]
        )

    def channel_off(self, channel: str | None) -> Off | None:
        """What switches the channel off; None when it is on."""
        return self._first([f"channel:{channel}"])

    def notices_for(self, targets: Iterable[str], moment: datetime | None = None) -> list[Notice]:
        """The notices that hold at `moment` (now) for any of `targets`, in the order in which they were made."""
        if not self.notices:
            return []
        wanted, moment = set(targets), moment or datetime.now(timezone.utc)
        return [each for each in self.notices if wanted & set(each.targets) and each.holds_at(moment)]


def targets_of(entry: str, topic: str | None) -> list[str]:
    """The targets that concern an entry, the narrowest first."""
    administration = entry.split(".", 1)[0]
    return [
        f"entry:{entry}",
        *([f"topic:{administration}/{topic}"] if topic else []),
        f"administration:{administration}",
    ]


class Switchboard:
    """The file, read again when it changed; looked at once a second at most. What cannot be read is logged and changes nothing."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._clock = clock
        self._looked: float | None = None
        self._seen: tuple[int, ...] | None = None
        self._lock = threading.Lock()
        self._current = Switches()

    def current(self) -> Switches:
        """The switches as they are now. Never raises."""
        now = self._clock()
        if self._looked is None or now - self._looked >= _LOOK_EVERY_S:
            with self._lock:
                self._look()
                self._looked = now
        return self._current

    def _look(self) -> None:
        try:
            told = self.path.stat()
            seen: tuple[int, ...] = (told.st_mtime_ns, told.st_size, told.st_ino)
        except OSError:
            seen = ()
        if seen == self._seen:
            return
        try:
            self._current = read_switches(self.path)
        except SwitchError as error:
            log.error("%s What was known before goes on.", error)
        self._seen = seen


def read_switches(path: Path) -> Switches:
    """The switches in `path`; none without the file. A row that cannot be read is logged and left out, the others hold.

    Raises `SwitchError` when the file is no such file at all.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        rows, notices = told["off"], told["notices"]
        if told["format"] != FORMAT or not isinstance(rows, list) or not isinstance(notices, list):
            raise ValueError(f"format {told['format']!r}")
    except FileNotFoundError:
        return Switches()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SwitchError(
            Said("{path} cannot be read ({error}). Set the switches anew in the console.", path=path, error=repr(error))
        ) from None
    return Switches(tuple(_read(path, _off, rows)), tuple(_read(path, _notice, notices)))


def _read(path: Path, make: Callable[[Any], Any], rows: list[Any]) -> Iterable[Any]:
    for row in rows:
        try:
            yield make(row)
        except (KeyError, TypeError, ValueError, AttributeError, SwitchError) as error:
            log.error("%s: %.200r cannot be read and is left out: %r", path, row, error)


def _off(row: Any) -> Off:
    return Off(checked_target(row["target"]), str(row["comment"]), str(row["by"]), _moment(row["since"]))


def _notice(row: Any) -> Notice:
    text = {str(language): str(text) for language, text in row["text"].items() if text}
    if not text:
        raise ValueError("has no text")
    start, until = (_moment(row[key]) if row.get(key) else None for key in ("from", "until"))
    targets = tuple(checked_target(target) for target in row["targets"])
    return Notice(str(row["id"]), targets, text, start, until, str(row["by"]), str(row["comment"]))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def checked_target(target: str) -> str:
    """`target`, when it is one. Raises `SwitchError`."""
    if not _TARGET.fullmatch(target):
        raise SwitchError(
            Said(
                "{target!r} is nothing that can be switched; expected entry:gb.alcohol.allowance, topic:gb/alcohol, "
                "administration:gb or channel:telegram.",
                target=target,
            )
        )
    return target


def switch_off(path: Path, target: str, comment: str, by: str, now: datetime | None = None) -> Switches:
    """Switch `target` off from now on. Raises `SwitchError` without a comment."""
    if not comment.strip():
        raise SwitchError(Said("Say in a comment why {target} is switched off.", target=target))
    new = Off(checked_target(target), comment.strip(), by, now or datetime.now(timezone.utc))
    return _changed(path, lambda old: replace(old, off=(*(each for each in old.off if each.target != target), new)))


def switch_on(path: Path, target: str) -> Switches:
    """Switch `target` on again. Raises `SwitchError` when it is not off."""

    def change(old: Switches) -> Switches:
        if all(each.target != target for each in old.off):
            raise SwitchError(Said("{target} is not switched off.", target=target))
        return replace(old, off=tuple(each for each in old.off if each.target != target))

    return _changed(path, change)


def put_up(
    path: Path,
    targets: Iterable[str],
    text: Mapping[str, str],
    by: str,
    comment: str = "",
    start: datetime | None = None,
    until: datetime | None = None,
) -> Notice:
    """Show a notice in the answers of `targets`. Raises `SwitchError` without a text or a target, or for an end before the beginning."""
    text = {language: words.strip() for language, words in text.items() if words.strip()}
    targets = tuple(checked_target(target) for target in targets)
    if not text or not targets or any(target.startswith("channel:") for target in targets):
        raise SwitchError(
            Said("A notice needs a text, and entries, topics or administrations in whose answers it is shown.")
        )
    if start and until and until <= start:
        raise SwitchError(
            Said(
                "The notice ends at {until}, before it begins at {start}.",
                until=f"{until:%Y-%m-%d %H:%M}",
                start=f"{start:%Y-%m-%d %H:%M}",
            )
        )
    new = Notice(uuid.uuid4().hex[:12], targets, text, start, until, by, comment)
    _changed(path, lambda old: replace(old, notices=(*old.notices, new)))
    return new


def take_down(path: Path, notice: str) -> Switches:
    """Take the notice with this id away. Raises `SwitchError` when it is not there."""

    def change(old: Switches) -> Switches:
        if all(each.id != notice for each in old.notices):
            raise SwitchError(Said("There is no notice {notice!r}.", notice=notice))
        return replace(old, notices=tuple(each for each in old.notices if each.id != notice))

    return _changed(path, change)


def _changed(path: Path, change: Callable[[Switches], Switches]) -> Switches:
    """Read, change and write under a lock, so that no change is lost; a file that cannot be read is kept aside and begun anew."""
    with held(path.parent, _LOCK, wait_s=10):
        try:
            old = read_switches(path)
        except SwitchError as error:
            log.error("%s", error)
            os.replace(path, path.with_name(f"{path.name}.unreadable"))
            old = Switches()
        new = change(old)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        with aside.open("w", encoding="utf-8") as file:
            json.dump(_plain(new), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    return new


def _plain(switches: Switches) -> dict[str, Any]:
    def moment(at: datetime | None) -> str | None:
        return at.isoformat(timespec="seconds") if at else None

    return {
        "format": FORMAT,
        "off": [each.__dict__ | {"since": moment(each.since)} for each in switches.off],
        "notices": [
            {
                "id": each.id, "targets": each.targets, "text": dict(each.text), "from": moment(each.start),
                "until": moment(each.until), "by": each.by, "comment": each.comment,
            }
            for each in switches.notices
        ],
    }  # fmt: skip
