"""The comparison again, over one administration with so few ways of asking an entry that the slowest of the peers can take part.

The hundred epochs of `rasa init` over all of them take a processor days, and Haystack's in-memory store a second or two for each question. So
every system gets the same few here, ours in a release that is built from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from benchmarks.comparison import BENCH, Row, compare, peers, slow_peers
from benchmarks.peers.material import Asked, Ranking, best_of, documents
from customs.commands.build import SCOPE_EXAMPLES
from customs.settings import Settings
from knowledge_base.evaluation import Labelled
from knowledge_base.index.embeddings import Encodes
from knowledge_base.index.release import Release, open_release, prepare_release
from knowledge_base.index.scope import IN_SCOPE, read_examples
from knowledge_base.model import Entry, Pack
from knowledge_base.packs import pack_folders, read_pack
from knowledge_base.search import Question, Searcher

ADMINISTRATION = "gb"
MOST = 8  # ways of asking an entry, over all languages; titles come beside them


def thin(pack: Pack, most: int = MOST) -> Pack:
    """`pack` with at most `most` ways of asking for each entry: those at even distances, so that each language keeps its share."""
    return pack.model_copy(update={"entries": {name: _thin(entry, most) for name, entry in pack.entries.items()}})


def _thin(entry: Entry, most: int) -> Entry:
    texts = [(language, text) for language, native in entry.questions.items() for text in native]
    kept = [texts[number * len(texts) // most] for number in range(most)] if len(texts) > most else texts
    questions: dict[str, list[str]] = {}
    for language, text in kept:
        questions.setdefault(language, []).append(text)
    return entry.model_copy(update={"questions": questions})


def build_thin(settings: Settings, encoder: Encodes, say: Callable[[str], None]) -> Release:
    """A release of the one pack with few ways of asking, in var/bench/."""
    packs = [thin(read_pack(folder)) for folder in pack_folders(settings.content_dir, (ADMINISTRATION,))]
    made = prepare_release(packs, read_examples(SCOPE_EXAMPLES), encoder, BENCH / "few", date.today(), say, anew=True)
    return open_release(made.folder, encoder)


def our_rankings(searcher: Searcher, asked: Sequence[tuple[Labelled, Asked]]) -> dict[str, Ranking]:
    """What the search alone finds, scored as `benchmarks.quality` scores it."""
    return {
        each.id: best_of(
            [(candidate.entry.id, candidate.probability * found.scope.get(IN_SCOPE, 0.0)) for candidate in found.candidates]
            for found in (
                searcher.search_anew(Question(form, each.administration, language=_language(question)))
                for form in each.forms
            )
        )
        for question, each in asked
    }


def _language(question: Labelled) -> str:
    return question.language.split("-")[0]


def compare_few(
    settings: Settings, encoder: Encodes, asked: list[tuple[Labelled, Asked]], say: Callable[[str], None] = print
) -> tuple[list[Row], dict[str, int | str]]:
    """A row for each system with few ways of asking, ours first, and what they were asked: `few_asked` questions over `few_entries` entries of
    `few_administration` with `few_phrasings` ways of asking, titles included, at most `few_most` of an entry without them.
    """
    say(f"building a release of at most {MOST} ways of asking an entry")
    release = build_thin(settings, encoder, say)
    material = documents(release, date.today())
    asked = [(question, each) for question, each in asked if each.administration == ADMINISTRATION]
    others = [*peers(encoder), *slow_peers(encoder)]
    rows = compare(release, material, asked, our_rankings(Searcher(release, encoder), asked), others, say)
    return rows, {
        "few_administration": release.shelves[ADMINISTRATION].administration.name_in("en"),
        "few_entries": len(material),
        "few_phrasings": sum(len(document.phrasings) for document in material),
        "few_most": MOST,
        "few_asked": len(asked),
    }
