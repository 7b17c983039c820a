"""One administration's part of a release: what is made of its entries, and what of the served release can go on serving.

An administration of which nothing has changed is taken over as it is, and so is the classifier over letters where only answers have. Of a large bank (`LARGE` texts) in which little has changed the
new texts alone are placed in the bank's space; the space itself and the calibration are kept until `MOST_RENEWED` of the texts are
other than those that they were learned from. A smaller one is made anew, so that it depends on its content alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.answer_text import fill
from knowledge_base.index import calibration
from knowledge_base.index.embeddings import EmbeddingCache
from knowledge_base.index.letters import Letters, can_tell_apart, out_of_fold
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.plain_names import explain
from knowledge_base.index.ranking import Bank
from knowledge_base.index.renewal import match_rows, renew
from knowledge_base.model import Entry, Pack
from knowledge_base.spelling import count_words, texts_of

LARGE = 50_000
MOST_RENEWED = 0.02
Say = Callable[[str], None]


@dataclass(frozen=True)
class Served:
    """The folder of an administration in the served release, whose files are whole, and what its manifest says of it."""

    folder: Path
    counts: dict[str, Any]


@dataclass(frozen=True)
class _Texts:
    """The ways of asking: text, number of its entry, and language of each; and one text an entry for its answer."""

    questions: list[str]
    owner: np.ndarray
    languages: list[str]
    answers: list[str]

    def digest_of_questions(self) -> str:
        digest = hashlib.sha256(self.owner.tobytes())
        digest.update("\0".join((str(len(self.answers)), *self.questions)).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def digest_of_answers(self) -> str:
        return hashlib.sha256("\0".join(self.answers).encode("utf-8", "surrogatepass")).hexdigest()

    def digest(self) -> str:
        digest = hashlib.sha256(self.owner.tobytes())
        for column in (self.questions, self.languages, self.answers):
            digest.update("\0".join((str(len(column)), *column)).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def build_shelf(
    pack: Pack,
    entries: list[Entry],
    folder: Path,
    cache: EmbeddingCache,
    day: date,
    say: Say,
    served: Served | None = None,
) -> dict[str, Any]:
    """Write what the search needs of the `entries` of `pack` into the new `folder`; returns what the manifest says of it.

    `served` is the same administration of a release made by the same code for the same encoder, or None.
    """
    texts = _texts(pack, entries, day)
    made_of = texts.digest()
    counts = {"entries": len(entries), "held_back": len(pack.entries) - len(entries), "questions": len(texts.questions)}
    if served and served.counts.get("made_of") == made_of:
        take_over(served.folder, folder)
        return served.counts | counts
    said = [time.monotonic()]

    def progress(done: int, total: int) -> None:
        if time.monotonic() - said[0] > 3 or (done == total and total > 500):
            said[0] = time.monotonic()
            say(f"{pack.administration.id}: encoded {done} of {total} new texts")

    folder.mkdir(parents=True)
    answers = cache.vectors("document", texts.answers, progress)
    if (learned := _renewed(texts, answers, folder, cache, served)) is None:
        learned = _learned(texts, entries, answers, folder, cache, served, progress)
    _write(folder / "rows.json", texts.questions)
    _write(folder / "row_languages.json", texts.languages)
    return counts | {"made_of": made_of, "answers": texts.digest_of_answers()} | learned


def _texts(pack: Pack, entries: list[Entry], day: date) -> _Texts:
    questions: list[str] = []
    owner: list[int] = []
    languages: list[str] = []
    for number, entry in enumerate(entries):
        for language, asked in entry.questions.items():
            rows = [*asked, *([entry.title] if language == "en" else [])]
            questions += rows
            languages += [language] * len(rows)
        for language, translation in entry.translations.items():
            questions.append(translation.title)
            languages.append(language)
        owner += [number] * (len(questions) - len(owner))
    answers = [_answer_text(entry, pack, day) for entry in entries]
    return _Texts(questions, np.array(owner, dtype=np.int64), languages, answers)


def _answer_text(entry: Entry, pack: Pack, day: date) -> str:
    """Title and filled English answer: what the answer's vector and the words in common are made of."""
    try:
        filled = fill(entry.answer, pack.figures, max(day, entry.effective.start or day), "en")
    except LookupError:  # an entry whose time is over: its figures have no value today
        filled = fill(entry.answer, pack.figures, entry.effective.until or day, "en")
    return f"{entry.title} {filled}"


def _learned(
    texts: _Texts,
    entries: list[Entry],
    answers: np.ndarray,
    folder: Path,
    cache: EmbeddingCache,
    served: Served | None,
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Everything anew, from the texts alone; only what was learned of the very same questions is taken over."""
    size, questions, owner = len(entries), texts.questions, texts.owner
    bank = Bank.build(cache.vectors("query", questions, progress), owner, answers)
    bank.save(folder / "bank")
    lexical = Lexical.build(texts.answers)
    lexical.save(folder / "lexical")

    def words(number: int) -> np.ndarray:
        return (
            lexical.scores(questions[number]) if texts.languages[number] == "en" else np.zeros(size, dtype=np.float32)
        )

    decided = _letters(texts, size, calibration.sample(bank), folder / "letters", served)
    features, labels, right = calibration.leave_one_out(bank, words, decided)
    np.savez(folder / "calibration.npz", **calibration.fit(features, labels).to_arrays())
    _write(folder / "words.json", count_words(texts_of(entries)))
    return {"self_retrieval": round(right, 4), "renewed": 0, "asked": texts.digest_of_questions()}


def _letters(texts: _Texts, size: int, sample: np.ndarray, folder: Path, served: Served | None) -> np.ndarray | None:
    """Write the classifier over letters into `folder`; (len(sample), size) what those that did not learn from a question decide on it.

    It takes most of a build and knows nothing of answers, so a changed answer leaves it as it is.
    """
    if not can_tell_apart(texts.owner, size):
        return None
    if served and served.counts.get("asked") == texts.digest_of_questions():
        take_over(served.folder / "letters", folder)
        return np.load(folder / "out_of_fold.npy")
    wordings = [explain(text) for text in texts.questions]
    Letters.fit(wordings, texts.owner, size).save(folder)
    decided = out_of_fold(wordings, texts.owner, size, sample)
    np.save(folder / "out_of_fold.npy", decided)
    return decided


def _renewed(
    texts: _Texts, answers: np.ndarray, folder: Path, cache: EmbeddingCache, served: Served | None
) -> dict[str, Any] | None:
    """The new texts alone, in the served bank's space; None where it is small, or too much of it is new, to be kept."""
    if served is None or len(texts.questions) < LARGE:
        return None
    rows, languages = (
        json.loads((served.folder / name).read_text("utf-8")) for name in ("rows.json", "row_languages.json")
    )
    kept = match_rows(rows, texts.questions)
    new = np.flatnonzero(kept < 0)
    renewed = served.counts.get("renewed", 0) + len(new)
    if renewed > MOST_RENEWED * len(texts.questions):
        return None
    fresh = cache.vectors("query", [texts.questions[row] for row in new])
    renew(Bank.load(served.folder / "bank"), kept, fresh, texts.owner, answers).save(folder / "bank")
    if served.counts.get("answers") == texts.digest_of_answers():
        take_over(served.folder / "lexical", folder / "lexical")
    else:
        Lexical.build(texts.answers).save(folder / "lexical")
    shutil.copyfile(served.folder / "calibration.npz", folder / "calibration.npz")
    stays = np.zeros(len(rows), dtype=bool)
    stays[kept[kept >= 0]] = True
    gone = np.flatnonzero(~stays)
    words = {
        name: Counter(told) for name, told in json.loads((served.folder / "words.json").read_text("utf-8")).items()
    }
    for sign, numbers, asked, named in ((1, new, texts.questions, texts.languages), (-1, gone, rows, languages)):
        for row in numbers:
            told = words.setdefault(named[row], Counter())
            for word, count in count_words({named[row]: [asked[row]]})[named[row]].items():
                told[word] += sign * count
    _write(folder / "words.json", {name: +told for name, told in words.items()})
    return {"self_retrieval": served.counts["self_retrieval"], "renewed": renewed}


def take_over(served: Path, folder: Path) -> None:
    """The files of `served` in `folder`: the very same ones where the file system can, as no release ever changes."""

    def link(source: str, target: str) -> None:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)

    shutil.copytree(served, folder, copy_function=link)


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
