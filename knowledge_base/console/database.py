"""Where the console keeps its data: a file of SQLite, or PostgreSQL by its address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from customs.settings import SettingError


def database(url: str, file: Path) -> dict[str, Any]:
    """Django's entry for `url` (postgresql://name:password@host:port/database), or for the SQLite `file` when it is empty.

    Raises `SettingError` for an address of another kind.
    """
    if not url:
        return {
            "ENGINE": "knowledge_base.console.sqlite",
            "NAME": str(file),
            # A write waits for another one instead of failing, and readers never wait.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise SettingError(
            f"CUSTOMS_CONSOLE_DATABASE_URL begins with {parts.scheme or 'nothing'!r}: expected "
            "postgresql://name:password@host:5432/database, or nothing for a file of SQLite."
        )
    try:
        port = parts.port
    except ValueError as error:
        raise SettingError(f"CUSTOMS_CONSOLE_DATABASE_URL has no usable port: {error}. The usual one is 5432.") from None
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),  # a socket's folder stands in the query
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
