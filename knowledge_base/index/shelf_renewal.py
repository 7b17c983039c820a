"""One administration of which little has changed, from the release that is served: what is new alone is learned.

Each new text is placed in the bank's space, and of the classifier over letters only the columns of the entries are learned whose ways of
asking changed, or that another's came near. The space, the weights of the letter groups, the other columns and the calibration stay, until it is no longer little
(`renewal.MOST_RENEWED`) that is other than what they were learned from.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.index.embeddings import EmbeddingCache
from knowledge_base.index.files import take_over
from knowledge_base.index.letters import Letters, can_tell_apart
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.plain_names import explain
from knowledge_base.index.ranking import Bank
from knowledge_base.index.renewal import is_little, match_rows, renew
from knowledge_base.index.shelf_texts import Texts
from knowledge_base.spelling import count_words

# Of a bank of more texts not even what is quick is made anew after a changed answer.
LARGE = 50_000
_WORDINGS = "wordings.json"


@dataclass(frozen=True)
class Served:
    """The folder of an administration in the served release, whose files are whole, and what its manifest says of it."""

    folder: Path
    counts: dict[str, Any]

    @property
    def renewed(self) -> int:
        """How many of its texts are other than those that it was learned from as a whole."""
        return int(self.counts.get("renewed", 0))


@dataclass(frozen=True)
class _Moved:
    """What became of the served ways of asking: `kept` (now,) the number that each had, -1 for a new one; `gone` (n,) those that left."""

    ids: list[str]
    rows: list[str]
    owner: np.ndarray
    languages: list[str]
    kept: np.ndarray
    gone: np.ndarray

    @classmethod
    def between(cls, folder: Path, texts: Texts) -> _Moved:
        ids, rows, languages = (
            json.loads((folder / name).read_text("utf-8"))
            for name in ("entry_ids.json", "rows.json", "row_languages.json")
        )
        owner = np.load(folder / "bank" / "question_entry.npy")
        kept = _matched(Texts(ids, rows, owner, languages, []), texts)
        stays = np.zeros(len(rows), dtype=bool)
        stays[kept[kept >= 0]] = True
        return cls(ids, rows, owner, languages, kept, np.flatnonzero(~stays))

    @property
    def new(self) -> np.ndarray:
        return np.flatnonzero(self.kept < 0)

    def columns(self, texts: Texts) -> np.ndarray:
        """(entries,) the number that each entry had, -1 for a new one."""
        return match_rows(self.ids, texts.ids)

    def entries(self, texts: Texts) -> set[int]:
        """The numbers of the entries of which a way of asking came or went."""
        left = {self.ids[number] for number in self.owner[self.gone]}
        came = set(texts.owner[self.new].tolist())
        return came | {number for number, name in enumerate(texts.ids) if name in left}


def _matched(before: Texts, now: Texts) -> np.ndarray:
    """(now,) the number that each way of asking had before, -1 for a new one."""
    kept = np.full(len(now.questions), -1, dtype=np.int64)
    spans, numbers = before.spans(), {name: number for number, name in enumerate(before.ids)}
    for name, span in zip(now.ids, now.spans()):
        if name not in numbers:
            continue
        was = spans[numbers[name]]
        if before.questions[was] == now.questions[span] and before.languages[was] == now.languages[span]:
            kept[span] = np.arange(was.start, was.stop)  # nearly all: it is quick
        else:
            found = match_rows(before.keys(was), now.keys(span))
            kept[span] = np.where(found < 0, -1, found + was.start)
    return kept


def renewed_shelf(
    texts: Texts, answers: np.ndarray, folder: Path, cache: EmbeddingCache, served: Served
) -> dict[str, Any] | None:
    """Write the administration into `folder` with only what is new learned, and return what the manifest says of that.

    answers: (entries, d) unit vectors of the encoder. None, with nothing written, when too much of it is new; and when it is quick to
    make all of it of the content alone: the questions are the very same, and what was learned of them as a whole can be taken over.
    """
    asked = texts.digest_of_questions
    same = served.counts.get("asked") == asked
    if same and not served.renewed and len(texts.questions) < LARGE:
        return None
    tells = can_tell_apart(texts.owner, len(texts.ids))
    if tells != (served.folder / "letters").exists():
        return None
    moved = _Moved.between(served.folder, texts)
    # Another order alone counts for one: what was learned as a whole would be learned a little otherwise.
    renewed = served.renewed + (0 if same else max(len(moved.new), len(moved.gone), 1))
    if not is_little(renewed, len(texts.questions)):
        return None
    fresh = cache.vectors("query", [texts.questions[row] for row in moved.new])
    bank = served.folder / "bank"
    renew(Bank.load(bank), moved.kept, fresh, texts.owner, answers).save(folder / "bank", bank)
    if served.counts.get("answers") == texts.digest_of_answers:
        take_over(served.folder / "lexical", folder / "lexical")
    else:
        Lexical.build(texts.answers).save(folder / "lexical")
    if tells:
        _letters(texts, moved, folder / "letters", served.folder / "letters", same)
    shutil.copyfile(served.folder / "calibration.npz", folder / "calibration.npz")
    _write_words(texts, moved, folder, served.folder)
    return {"self_retrieval": served.counts["self_retrieval"], "renewed": renewed, "asked": asked}


def _letters(texts: Texts, moved: _Moved, folder: Path, served: Path, same: bool) -> None:
    if same:
        take_over(served, folder)
        return
    letters, columns, before = Letters.load(served), moved.columns(texts), read_wordings(served)
    wordings = [before[row] if row >= 0 else explain(text) for row, text in zip(moved.kept.tolist(), texts.questions)]
    rows = letters.weighed(wordings)
    near = letters.near(rows[moved.new]) | letters.near(letters.weighed([before[row] for row in moved.gone]))
    entries = {number for number, column in enumerate(columns.tolist()) if column in near}
    letters.renewed(rows, texts.owner, columns, sorted(entries | moved.entries(texts))).save(folder)
    write_wordings(wordings, folder)


def write_wordings(wordings: list[str], folder: Path) -> None:
    """Keep what the classifier in `folder` was told of each way of asking: to put plain names beside slang takes a while."""
    (folder / _WORDINGS).write_text(json.dumps(wordings, ensure_ascii=False), encoding="utf-8")


def read_wordings(folder: Path) -> list[str]:
    """What `write_wordings` wrote."""
    return json.loads((folder / _WORDINGS).read_text(encoding="utf-8"))


def _write_words(texts: Texts, moved: _Moved, folder: Path, served: Path) -> None:
    """How often the ways of asking have each word: as it was, with the new ones and without those that left."""
    words = {name: Counter(told) for name, told in json.loads((served / "words.json").read_text("utf-8")).items()}
    for sign, numbers, asked, named in (
        (1, moved.new, texts.questions, texts.languages),
        (-1, moved.gone, moved.rows, moved.languages),
    ):
        for row in numbers:
            told = words.setdefault(named[row], Counter())
            for word, count in count_words({named[row]: [asked[row]]})[named[row]].items():
                told[word] += sign * count
    kept = {name: +told for name, told in words.items()}
    (folder / "words.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
