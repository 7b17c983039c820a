"""The trial of a release before it is served: the fast part of the labelled questions, asked by the actions as in the chat.

What a question was replied by an administration of which nothing has changed is not asked again: which ones a reply looked at, and for
which texts, is noted while it is made.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import hashlib
import json
import logging
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from actions.base import Service
from actions.in_context import read_words
from actions.knowledge import Served
from customs.commands.evaluate import FOLDER, Result, ask_one, below_thresholds, read_thresholds, summary
from customs.settings import ROOT, Settings
from knowledge_base.errors import KnowledgeError
from knowledge_base.evaluation import Given, Grade, Labelled, fast_part, read_questions
from knowledge_base.index.embeddings import FOR_GATE, Encodes
from knowledge_base.index.files import files_of
from knowledge_base.index.release import CURRENT, Release, open_release
from knowledge_base.language import identify
from knowledge_base.places import Administrations
from knowledge_base.publishing.trial import TrialReport, Worse
from knowledge_base.romanised import search_forms
from knowledge_base.search import Found, Question, Searcher
from knowledge_base.trying.remembering import Remembering

_ALL = "*"
_KEPT_RELEASES = 8
_DEADLINE_S = 60.0  # a machine that builds is slow, and no reply may be lost to that
_ONE_AT_A_TIME = threading.Lock()


class FastTrial:
    """Judges releases by the fast part of the questions in `folder`; remembers replies in `var_dir`/cache/trial.json."""

    def __init__(self, settings: Settings, folder: Path = FOLDER) -> None:
        self._settings = copy.copy(settings)
        self._settings.action_deadline_s = max(settings.action_deadline_s, _DEADLINE_S)
        self._folder = folder
        self._memory = _Memory(settings.var_dir / "cache" / "trial.json")
        self._releases = settings.var_dir / "releases"
        self._read_at: list[tuple[Path, int, int]] = []
        self._fast: list[Labelled] = []
        self._encoder: tuple[Encodes, Remembering] | None = None

    def judge(self, release: Release, encoder: Encodes) -> TrialReport | None:
        """Ask `release` and compare it with the one that is served; None when no labelled question is about what it holds."""
        every = self._questions()
        questions = [question for question in every if _is_about(question, release)]
        if not questions:
            return None
        results, asked = self._results(questions, release, encoder)
        thresholds = read_thresholds(self._folder / "thresholds.yml", "fast")
        missed = below_thresholds(summary(results), thresholds, surely=len(questions) < len(every))
        before = self._before(encoder, questions, needed=bool(missed))
        self._memory.keep_grades(release.id, {result.question.id: result.grade.grade for result in results})
        worse = [
            Worse(result.question.id, result.question.question, result.question.entries, result.grade.why)
            for result in results
            if result.grade.grade != "right" and before.get(result.question.id) == "right"
        ]
        return TrialReport(len(questions), asked, tuple(missed), tuple(worse))

    def _questions(self) -> list[Labelled]:
        """The fast part, read again when a file of it changed."""
        paths = sorted(self._folder.rglob("*.yml"))
        state = [(path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths]
        if state != self._read_at:
            self._fast, self._read_at = fast_part(read_questions(self._folder)), state
        return self._fast

    def _before(self, encoder: Encodes, questions: list[Labelled], needed: bool) -> dict[str, str]:
        """The grades of the release that is served; it is asked only where somebody must be told what got worse."""
        served = (self._releases / CURRENT).resolve()
        known = self._memory.grades(served.name)
        if known or not needed or not served.exists():
            return known
        try:
            release = open_release(served, encoder)
        except KnowledgeError:
            return {}
        results, _ = self._results([each for each in questions if _is_about(each, release)], release, encoder)
        return {result.question.id: result.grade.grade for result in results}

    def _results(self, questions: list[Labelled], release: Release, encoder: Encodes) -> tuple[list[Result], int]:
        searcher = _NotingSearcher(release, self._remembering(encoder))
        state = _State(searcher, self._settings)
        known = {question.id: self._memory.reply(question, state) for question in questions}
        unknown = [question for question in questions if known[question.id] is None]
        if unknown:
            self._ask(unknown, searcher, state)
            known |= {question.id: self._memory.reply(question, state) for question in unknown}
            self._memory.save()
        return [_result(question, known[question.id] or {}) for question in questions], len(unknown)

    def _ask(self, questions: list[Labelled], searcher: _NotingSearcher, state: _State) -> None:
        self._learn(questions, searcher)
        with serving(self._settings, searcher):
            asyncio.run(self._ask_each(questions, searcher, state))

    async def _ask_each(self, questions: list[Labelled], searcher: _NotingSearcher, state: _State) -> None:
        for question in questions:
            searcher.noted, searcher.asked = {question.administration} - {None}, {}
            result = await ask_one(question)
            looked_at = {entry.split(".", 1)[0] for entry, _ in result.candidates} & set(searcher.release.shelves)
            self._memory.note(question, state, searcher.noted | looked_at, list(searcher.asked), result)

    def _learn(self, questions: list[Labelled], searcher: Searcher) -> None:
        """Have the vectors of the questions found where those of the packs are kept: they are the same for every release."""
        texts = []
        for question in questions:
            language = identify(question.question, self._settings.languages).language
            forms = search_forms(question.question)
            texts += [searcher.read_as(Question(form, question.administration, language=language)) for form in forms]
        if isinstance(searcher.encoder, Remembering):
            searcher.encoder.learn(FOR_GATE, texts)

    def _remembering(self, encoder: Encodes) -> Remembering:
        if self._encoder is None or self._encoder[0] is not encoder:
            self._encoder = (encoder, Remembering(encoder, self._settings.var_dir / "cache" / "embeddings.db"))
        return self._encoder[1]


def _is_about(question: Labelled, release: Release) -> bool:
    names = {entry.split(".", 1)[0] for entry in question.entries} | ({question.administration} - {None})
    return names <= set(release.shelves)


@contextlib.contextmanager
def serving(settings: Settings, searcher: Searcher) -> Iterator[None]:
    """Let the actions of this process answer from `searcher`, without switches and without a line in the log for each reply."""
    log = logging.getLogger("actions")
    with _ONE_AT_A_TIME:
        before = {
            name: vars(Service)[name] for name in ("settings", "knowledge", "switchboard") if name in vars(Service)
        }
        level = log.level
        try:
            log.setLevel(logging.WARNING)
            Service.start(settings, _Held(searcher))  # type: ignore[arg-type]
            Service.switchboard = None
            read_words()  # else the first question waits for them
            yield
        finally:
            log.setLevel(level)
            for name, value in before.items():
                setattr(Service, name, value)


class _Held:
    """A release that is not served, as the actions want it."""

    problem = None

    def __init__(self, searcher: Searcher) -> None:
        shelves = searcher.release.shelves.values()
        places = Administrations([shelf.administration for shelf in shelves])
        self.searcher = searcher
        self.served = Served(searcher.release, searcher, places)
        self.release_id = searcher.release.id


class _NotingSearcher(Searcher):
    """Notes which administrations a reply looked at, and which texts, with their languages, were searched for it."""

    def __init__(self, release: Release, encoder: Encodes) -> None:
        super().__init__(release, encoder)
        self.noted: set[str] = set()
        self.asked: dict[tuple[str, str], None] = {}

    def search(self, question: Question) -> Found:
        self.noted.add(question.administration or _ALL)
        self.asked[question.text, question.language] = None
        return super().search(question)


class _State:
    """What a reply rests on, as a hash: for every one of them, beside that of each administration, and how its texts are read.

    The words that slips are repaired by change with every question that staff write; what few labelled questions are read as does.
    """

    def __init__(self, searcher: Searcher, settings: Settings) -> None:
        self._searcher = searcher
        release, manifest = searcher.release, searcher.release.manifest
        gate = manifest["files"].get("scope.npz")
        names = {name: shelf.administration.model_dump(mode="json") for name, shelf in release.shelves.items()}
        common = [manifest["made_by"], gate, manifest["goods"], names, _code(), date.today().isoformat()]
        self._common = _digest(json.dumps([*common, settings.languages, settings.default_administration]))
        self._shelves = {name: _digest(json.dumps(files_of(manifest, name))) for name in release.shelves}

    def of(self, question: Labelled, names: set[str], asked: Iterable[Sequence[str]]) -> str:
        """The hash of what the reply to `question` rests on when it looked at the administrations `names` for the texts `asked`."""
        looked = sorted(self._shelves if _ALL in names else names)
        read = [self._searcher.read_as(Question(text, language=language)) for text, language in asked]
        told = json.dumps([asdict(question), read])
        return _digest("\0".join([self._common, told, *(self._shelves.get(name, "") for name in looked)]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _code() -> str:
    """Changes with the code and the words that replies are made by."""
    digest = hashlib.sha256()
    for folder in ("actions", "customs", "knowledge_base"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".yml", ".po"} and not {"content", "console"} & set(path.parts):
                told = path.stat()
                digest.update(f"{path.relative_to(ROOT)} {told.st_size} {told.st_mtime_ns}".encode())
    return digest.hexdigest()


class _Memory:
    """Replies by question, with what they rested on; and the grades of the last releases. A file that cannot be read is begun anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._replies: dict[str, dict[str, Any]] = {}
        self._grades: dict[str, dict[str, str]] = {}
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            told = json.loads(path.read_text(encoding="utf-8"))
            replies = {name: reply for name, reply in told["replies"].items() if "asked" in reply}  # older ones lack it
            self._replies, self._grades = replies, dict(told["grades"])

    def reply(self, question: Labelled, state: _State) -> dict[str, Any] | None:
        known = self._replies.get(question.id)
        if known is None or known["state"] != state.of(question, set(known["looked_at"]), known["asked"]):
            return None
        return known

    def note(
        self, question: Labelled, state: _State, looked_at: set[str], asked: list[tuple[str, str]], result: Result
    ) -> None:
        self._replies[question.id] = {
            "state": state.of(question, looked_at, asked),
            "looked_at": sorted(looked_at),
            "asked": asked,
            "given": asdict(result.given) | {"text": ""},
            "grade": asdict(result.grade),
            "candidates": result.candidates,
            "in_scope": float(result.in_scope),
        }

    def grades(self, release: str) -> dict[str, str]:
        return self._grades.get(release, {})

    def keep_grades(self, release: str, grades: dict[str, str]) -> None:
        self._grades.pop(release, None)
        self._grades[release] = grades
        self._grades = dict(list(self._grades.items())[-_KEPT_RELEASES:])
        self.save()

    def save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        aside.write_text(json.dumps({"replies": self._replies, "grades": self._grades}, ensure_ascii=False), "utf-8")
        os.replace(aside, self._path)


def _result(question: Labelled, known: dict[str, Any]) -> Result:
    given = known["given"]
    return Result(
        question,
        Given(given["outcome"], given["reason"], given["entry"], tuple(given["offered"]), given["text"]),
        Grade(**known["grade"]),
        tuple((entry, share) for entry, share in known["candidates"]),
        known["in_scope"],
    )
