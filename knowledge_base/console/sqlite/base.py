"""Django looks for a database's connection here."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from knowledge_base.console.sqlite.likeness import like


class DatabaseWrapper(base.DatabaseWrapper):
    """A file of SQLite in which staff find “Étranger” by “étranger”, as they do in PostgreSQL."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.create_function("like", 3, like, deterministic=True)
        return connection
