"""One administration's part of a release: what is made of its entries, and what of the served release can go on serving.

An administration of which nothing has changed is taken over as it is, and so is the classifier over letters where only answers have.
Where little has changed, what is new alone is learned (`shelf_renewal.py`), until someone asks for everything anew. Else all of it is made
of the content alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from knowledge_base.index import calibration
from knowledge_base.index.contents import Content
from knowledge_base.index.embeddings import EmbeddingCache
from knowledge_base.index.files import take_over
from knowledge_base.index.letters import Letters, can_tell_apart, out_of_fold
from knowledge_base.index.lexical import Lexical
from knowledge_base.index.plain_names import explain
from knowledge_base.index.ranking import Bank
from knowledge_base.index.shelf_renewal import Served, renewed_shelf, write_wordings
from knowledge_base.index.shelf_texts import Texts
from knowledge_base.model import Entry
from knowledge_base.spelling import count_words, texts_of

Say = Callable[[str], None]
WHOLE, IN_PART, TAKEN_OVER = "whole", "in part", "taken over"


def build_shelf(
    content: Content,
    folder: Path,
    cache: EmbeddingCache,
    day: date,
    say: Say,
    served: Served | None = None,
    anew: bool = False,
    go_on: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Write what the search needs of the entries of `content` into the new `folder`; returns what the manifest says of it.

    `served` is the same administration of a release made by the same code for the same encoder, or None. With `anew` nothing is taken of
    it that was learned in part. `go_on` is called between what takes seconds; what it raises ends the building.
    """
    pack, entries, texts = content.pack, content.entries, content.texts(day)
    made_of = texts.digest()
    counts = {"entries": len(entries), "held_back": len(pack.entries) - len(entries), "questions": len(texts.questions)}
    if anew and served and served.renewed:
        served = None
    if served and served.counts.get("made_of") == made_of:
        take_over(served.folder, folder)
        return served.counts | counts | {"learned": TAKEN_OVER}
    said = [time.monotonic()]

    def progress(done: int, total: int) -> None:
        if time.monotonic() - said[0] > 3 or (done == total and total > 500):
            said[0] = time.monotonic()
            say(f"{pack.administration.id}: encoded {done} of {total} new texts")

    folder.mkdir(parents=True)
    answers = cache.vectors("document", texts.answers, progress)
    learned = renewed_shelf(texts, answers, folder, cache, served) if served and not anew else None
    if learned is None:
        learned = _learned(texts, entries, answers, folder, cache, served, progress, go_on)
    _write(folder / "entry_ids.json", texts.ids)
    _write(folder / "rows.json", texts.questions)
    _write(folder / "row_languages.json", texts.languages)
    return counts | {"made_of": made_of, "answers": texts.digest_of_answers, "learned": IN_PART} | learned


def _learned(
    texts: Texts,
    entries: list[Entry],
    answers: np.ndarray,
    folder: Path,
    cache: EmbeddingCache,
    served: Served | None,
    progress: Callable[[int, int], None],
    go_on: Callable[[], None],
) -> dict[str, Any]:
    """Everything anew, from the texts alone; only what was learned as a whole of the very same questions is taken over."""
    go_on()
    size, questions, owner = len(entries), texts.questions, texts.owner
    bank = Bank.build(cache.vectors("query", questions, progress), owner, answers)
    bank.save(folder / "bank")
    lexical = Lexical.build(texts.answers)
    lexical.save(folder / "lexical")

    def words(number: int) -> np.ndarray:
        return (
            lexical.scores(questions[number]) if texts.languages[number] == "en" else np.zeros(size, dtype=np.float32)
        )

    kept = None
    if served and not served.renewed and served.counts.get("asked") == texts.digest_of_questions:
        kept = served.folder / "letters"
    decided = _letters(texts, size, calibration.sample(bank), folder / "letters", kept, go_on)
    go_on()
    with threadpool_limits(limits=1):  # on a busy machine spinning threads make a minute of this second
        features, labels, right = calibration.leave_one_out(bank, words, decided)
    np.savez(folder / "calibration.npz", **calibration.fit(features, labels).to_arrays())
    _write(folder / "words.json", count_words(texts_of(entries)))
    told = {"self_retrieval": round(right, 4), "renewed": 0, "asked": texts.digest_of_questions}
    return told | {"learned": WHOLE if kept is None else IN_PART}


def _letters(
    texts: Texts, size: int, sample: np.ndarray, folder: Path, kept: Path | None, go_on: Callable[[], None]
) -> np.ndarray | None:
    """Write the classifier over letters into `folder`; (len(sample), size) what those that did not learn from a question decide on it.

    It takes most of a build and knows nothing of answers, so a changed answer leaves it as it is: `kept` is that of the same questions.
    """
    if not can_tell_apart(texts.owner, size):
        return None
    if kept is not None:
        take_over(kept, folder)
        return np.load(folder / "out_of_fold.npy")
    wordings = [explain(text) for text in texts.questions]
    Letters.fit(wordings, texts.owner, size).save(folder)
    write_wordings(wordings, folder)
    decided = out_of_fold(wordings, texts.owner, size, sample, go_on)
    np.save(folder / "out_of_fold.npy", decided)
    return decided


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
