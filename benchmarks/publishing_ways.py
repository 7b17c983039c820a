"""The two ways to publish that `benchmarks.publishing` times: a folder of packs, and the console with its database and worker."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.console_setup import set_up_console
from customs.settings import Settings

ENTRY = "gb.alcohol.allowance"
ANSWER, QUESTION, FIRST = "an answer", "a question", "the first publication"


@dataclass(frozen=True)
class Went:
    """One publication: the release, seconds by step and of a processor, how many labelled questions were asked, and what was learned."""

    release: str
    began: float
    processor: float
    seconds: dict[str, float] = field(default_factory=dict)


class Folder:
    """The copied packs in `content`, published by `publisher` as `bin/customs publish` does."""

    name = "the folder"

    def __init__(self, publisher: Any, settings: Settings, content: Path) -> None:
        self._publisher, self._settings, self._content = publisher, settings, content

    def begin(self) -> None:
        """Have a release of this content served, which is no part of what is measured."""
        self._publisher.publish(self._content, self._settings.administrations, by="bench")

    def change(self, what: str, mark: str) -> None:
        """Change `what` of ENTRY, so that it has the word `mark`."""
        file = self._content / "gb" / "faq" / "alcohol.yml"
        text = file.read_text(encoding="utf-8")
        entry = rf"(- id: {re.escape(ENTRY)}\n.*?\n"
        if what == ANSWER:
            changed, count = re.subn(
                entry + r"    answer: \|\n      [^\n]*)\n", rf"\1 {mark}.\n", text, count=1, flags=re.S
            )
        else:
            new = f"        - how many boxes of riesling {mark}\n"
            changed, count = re.subn(entry + r"      en:\n)", lambda found: found[1] + new, text, count=1, flags=re.S)
        if not count:
            raise SystemExit(
                f"{file} has no {ENTRY} with questions in English and an answer of several lines; choose another entry."
            )
        file.write_text(changed, encoding="utf-8")

    def publish(self) -> Went:
        """Publish what changed."""
        return _timed(lambda: self._publisher.publish(self._content, self._settings.administrations, by="bench"))


class Console:
    """The shipped packs in a console's own SQLite database, published by its worker."""

    name = "the console"

    def __init__(self, publisher: Any, settings: Settings, content: Path) -> None:
        set_up_console(settings.var_dir)
        from knowledge_base.console.accounts.prepare import prepare
        from knowledge_base.console.publishing.worker import Worker

        prepare(content, settings.administrations, lambda _line: None)
        self._worker = Worker(publisher)

    def begin(self) -> None:
        """Forget what the import laid down to be published."""
        from knowledge_base.console.publishing.outbox import waiting

        waiting().delete()

    def change(self, what: str, mark: str) -> None:
        """Approve a change of `what` of ENTRY, so that it has the word `mark`; for `FIRST`, ask for everything that is published."""
        from knowledge_base.console.guidance.models import Entry
        from knowledge_base.console.guidance.publication import publishing_allowed
        from knowledge_base.console.guidance.shapes import questions_of
        from knowledge_base.console.publishing.outbox import ask_again

        if what == FIRST:
            ask_again("bench")
            return
        entry = Entry.objects.get(key=ENTRY).latest()
        if what == ANSWER:
            first, rest = entry.answer.split("\n", 1)
            entry.answer = f"{first} {mark}.\n{rest}"
        else:
            asked: dict[str, list[str]] = {}
            for question in entry.questions.all():
                asked.setdefault(question.language, []).append(question.text)
            asked["en"].append(f"how many boxes of riesling {mark}")
            entry.questions = questions_of(asked)
        revision = entry.save_revision()
        with publishing_allowed():
            revision.publish()

    def publish(self) -> Went:
        """Let the worker take one turn."""
        from knowledge_base.console.publishing.models import Publication

        went = _timed(self._worker.turn)
        done = Publication.objects.order_by("-pk").first()
        if done is None or done.state != Publication.State.SERVED:
            raise SystemExit(f"The console did not publish: {done and done.reasons}")
        return Went(done.release, went.began, went.processor, done.seconds)


def _timed(publish: Callable[[], Any]) -> Went:
    began, processor = time.monotonic(), time.process_time()
    done = publish()
    processor = time.process_time() - processor
    return Went(getattr(done, "release", ""), began, processor, getattr(done, "seconds", {}))
