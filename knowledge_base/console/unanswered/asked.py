"""The way to the store of turns, and to its groups, from the console."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from customs.asked import Store, StoreError
from customs.asked.store import FILE
from customs.settings import Settings
from knowledge_base.asked.grouping import Grouping
from knowledge_base.asked.space import Space
from knowledge_base.errors import KnowledgeError

log = logging.getLogger(__name__)

# So many are encoded in a second or two; a release that is built at the same time shares the processor with it.
AT_ONCE = 100
RELEASE = Path("releases", "current")
_loading = threading.Lock()
_encoder: Any = None


def var_dir() -> Path:
    """The folder of what is written at run time, the channels' too."""
    return settings.HOME.parent


@contextmanager
def asked_store() -> Iterator[Store]:
    """The store of turns, open for as long as one request needs it."""
    store = Store(Settings().asked_database_url or var_dir() / FILE)
    try:
        yield store
    finally:
        store.close()


def has_release() -> bool:
    """Is there a release, whose space the grouping needs?"""
    return (var_dir() / RELEASE).exists()


def encoder() -> Any:
    """The service's encoder, loaded at the first question of this process. Raises `EncoderError`."""
    from knowledge_base.index.encoder import load_encoder  # a second to import, and most pages need none

    global _encoder
    with _loading:
        if _encoder is None:
            chosen = Settings()
            _encoder = load_encoder(chosen.encoder, chosen.encoder_backend, models_dir=chosen.models_dir)
    return _encoder


def grouping_of(store: Store) -> Grouping:
    """What groups the questions of `store`. Raises `NoSpaceError` without a release and `EncoderError` without an encoder."""
    space = Space.of_release(var_dir() / RELEASE)
    known = encoder()
    return Grouping(store, known.encode_query, known.id, space)


def group_new(store: Store, most: int = AT_ONCE) -> str:
    """Group up to `most` new questions, unless another process does so now; returns why it could not be done, or nothing."""
    if not store.waiting_without_group(1):
        return ""
    try:
        with store.db.alone("grouping") as mine:
            if not mine:
                return "Another process puts the questions into groups."
            grouping_of(store).group_new(most)
    except (KnowledgeError, StoreError) as error:
        log.warning("Questions are not grouped: %s", error)
        return str(error)
    return ""
