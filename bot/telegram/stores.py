"""Where the channel remembers: in a file of its own, or in a store that replicas share."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from bot.telegram.chats import Chats
from bot.telegram.database import open_database
from bot.telegram.shared.chats import SharedChats, SharedTexts
from bot.telegram.shared.connection import Shared
from bot.telegram.shared.inbox import SharedInbox
from bot.telegram.shared.subscriptions import SharedSubscriptions
from bot.telegram.subscriptions import Subscriptions
from bot.telegram.texts import Texts
from bot.telegram.updates import Inbox
from customs.settings import SettingError, Settings


@dataclass(frozen=True)
class Stores:
    """The channel's memory, a part for each subject."""

    inbox: Inbox | SharedInbox
    payloads: Texts | SharedTexts
    source_lists: Texts | SharedTexts
    chats: Chats | SharedChats
    subscriptions: Subscriptions | SharedSubscriptions


def in_file(database: sqlite3.Connection) -> Stores:
    """The memory in the channel's own database."""
    return Stores(
        Inbox(database),
        Texts(database, "payloads"),
        Texts(database, "source_lists"),
        Chats(database),
        Subscriptions(database),
    )


def in_shared(shared: Shared) -> Stores:
    """The memory in a store that replicas share."""
    return Stores(
        SharedInbox(shared),
        SharedTexts(shared, "payloads"),
        SharedTexts(shared, "source_lists"),
        SharedChats(shared),
        SharedSubscriptions(shared),
    )


def open_stores(settings: Settings) -> Stores:
    """The memory that the settings name. Raises `SettingError` when it cannot be used."""
    if settings.telegram_storage:
        return in_shared(Shared(settings.telegram_storage, settings.telegram_token.partition(":")[0]))
    path = settings.var_dir / "telegram.db"
    try:
        return in_file(open_database(path))
    except (OSError, sqlite3.Error) as error:
        raise SettingError(
            f"{path} cannot be used as a database ({error}). Is CUSTOMS_VAR_DIR a folder that this user may write to?"
        ) from None
