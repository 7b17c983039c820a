"""The way to the store of turns, and to its groups, from the console."""

from __future__ import annotations

import fcntl
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from customs.asked import Store
from customs.settings import Settings
from knowledge_base.asked.grouping import Grouping
from knowledge_base.asked.space import Space
from knowledge_base.errors import KnowledgeError

log = logging.getLogger(__name__)

# A page groups no more at once, so that it comes within a second or two; the rest comes with the next one.
AT_ONCE = 100
_loading = threading.Lock()
_encoder: Any = None


def var_dir() -> Path:
    """The folder of what is written at run time, the channels' too."""
    return settings.HOME.parent


@contextmanager
def asked_store() -> Iterator[Store]:
    """The store of turns, open for as long as one request needs it."""
    store = Store(var_dir() / "asked.db")
    try:
        yield store
    finally:
        store.close()


def encoder() -> Any:
    """The service's encoder, loaded at the first question of this process. Raises `EncoderError`."""
    from knowledge_base.index.encoder import load_encoder  # a second to import, and most pages need none

    global _encoder
    with _loading:
        if _encoder is None:
            chosen = Settings()
            _encoder = load_encoder(chosen.encoder, chosen.encoder_backend, models_dir=chosen.models_dir, second="none")
    return _encoder


def grouping_of(store: Store) -> Grouping:
    """What groups the questions of `store`. Raises `NoSpaceError` without a release and `EncoderError` without an encoder."""
    space = Space.of_release(var_dir() / "releases" / "current")
    known = encoder()
    return Grouping(store, known.encode_query, known.id, space)


def group_new(store: Store, most: int = AT_ONCE) -> str:
    """Group up to `most` new questions, unless another process does so now; returns why it could not be done, or nothing."""
    waiting = store.db.execute("SELECT 1 FROM turns WHERE waiting IS NOT NULL AND group_id IS NULL LIMIT 1").fetchone()
    if not waiting:
        return ""
    try:
        with (var_dir() / "asked.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            grouping_of(store).group_new(most)
    except BlockingIOError:
        return _("The newest questions are being put into groups now.")
    except KnowledgeError as error:
        log.warning("Questions are not grouped: %s", error)
        return _("The newest questions are not put into groups: {error}").format(error=error)
    except sqlite3.OperationalError as error:
        log.warning("Questions are not grouped: %s", error)
        return _("The newest questions will be put into groups in a moment.")
    return ""
