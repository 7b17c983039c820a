"""What the pages of this part share in one process: the encoder, the served release opened once, and the last drafts laid over it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import faiss
from django.conf import settings as django_settings
from django.utils.translation import gettext as _

from customs.bootstrap_knowledge import making
from customs.settings import Settings
from customs.trying import warm_up
from knowledge_base.console.review.drafts import Draft
from knowledge_base.index.release import CURRENT, open_release
from knowledge_base.search import Searcher
from knowledge_base.trying.errors import TryError
from knowledge_base.trying.overlay import Layers
from knowledge_base.trying.remembering import Remembering

# A draft laid over takes some ten megabytes; few are looked at in one process at a time.
MOST_LAYERS = 4
_lock = threading.RLock()
_encoder: Remembering | None = None
_bench: Bench | None = None


@dataclass
class Bench:
    """The served release in the folder `target`, ready to be asked and to have drafts laid over it."""

    target: Path
    encoder: Remembering
    searcher: Searcher
    layers: Layers
    drafts: OrderedDict[tuple[Any, ...], Searcher]


def settings() -> Settings:
    """The service's settings with the folder of the console."""
    found = Settings()
    found.var_dir = django_settings.HOME.parent
    return found


def encoder() -> Remembering:
    """The service's encoder, loaded at the first draft that is tried in this process. Raises `EncoderError`."""
    from knowledge_base.index.encoder import load_encoder  # a second to import, and most pages need none

    global _encoder
    with _lock:
        if _encoder is None:
            chosen = settings()
            loaded = load_encoder(chosen.encoder, chosen.encoder_backend, models_dir=chosen.models_dir)
            _encoder = Remembering(loaded, chosen.var_dir / "cache" / "embeddings.db")
    return _encoder


def served_folder() -> Path:
    """The folder of the release that is served now. Raises `TryError` when none is."""
    target = (settings().var_dir / "releases" / CURRENT).resolve()
    if not target.is_dir():
        if making(settings().var_dir):
            raise TryError(_("What answers are found with is still being made. Drafts can be tried in some minutes."))
        raise TryError(_("Nothing is served yet. Publish something first; then drafts can be tried."))
    return target


def bench() -> Bench:
    """The served release, opened anew when another is served. Raises `TryError` and the other errors of the knowledge base."""
    global _bench
    target = served_folder()
    with _lock:
        if _bench is None or _bench.target != target:
            # More threads only wait for one another where pages are made beside it: on two cores that do other work, five times as long.
            faiss.omp_set_num_threads(1)
            known = encoder()
            release = open_release(target, known, like=_bench.searcher.release if _bench else None)
            searcher = Searcher(release, known)
            warm_up(searcher, settings())
            _bench = Bench(target, known, searcher, Layers(release, known.learn), OrderedDict())
        return _bench


def searcher_of(draft: Draft) -> Searcher:
    """Searches the served release with `draft` laid over it. Raises `TryError`."""
    found = bench()
    with _lock:
        key = (*draft.identity, date.today())
        if key not in found.drafts:
            layer = found.layers.over(draft.change, date.today())
            found.drafts[key] = Searcher(layer, found.encoder)
            while len(found.drafts) > MOST_LAYERS:
                found.drafts.popitem(last=False)
        found.drafts.move_to_end(key)
        return found.drafts[key]


def touched(draft: Draft, searcher: Searcher) -> list[str]:
    """The ids of the entries that the draft changes or whose answers rest on what it changes."""
    shelf = searcher.release.shelves[draft.change.administration]
    return draft.touched(shelf)
