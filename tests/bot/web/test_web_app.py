import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.web.administrations import Administration, names_from_packs
from bot.web.app import create_app
from bot.web.options import Options
from customs.settings import Settings
from tests.bot.web.conftest import client_of

UPDATE = {"update_id": 1}


async def test_the_webhook_is_there_when_telegram_is_set_to_it(rasa, tmp_path):
    environ = {
        "CUSTOMS_RASA_URL": rasa.url,
        "CUSTOMS_VAR_DIR": str(tmp_path),
        "CUSTOMS_TELEGRAM_MODE": "webhook",
        "CUSTOMS_TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-tests",
        "CUSTOMS_PUBLIC_URL": "https://chat.example",
        "TELEGRAM_BOT_TOKEN": "1:abc",
    }
    async with client_of(create_app(Settings(environ))) as telegram:
        assert (await telegram.post("/telegram/webhook", json=UPDATE)).status_code == 403
    del environ["TELEGRAM_BOT_TOKEN"]
    async with client_of(create_app(Settings(environ))) as telegram:
        assert (await telegram.post("/telegram/webhook", json=UPDATE)).status_code == 404


async def test_old_conversations_are_purged_when_the_app_runs(make_app, rasa):
    app = make_app(options=Options(transcript_days=0))
    chat = app.state.chat
    chat.transcripts.begin("web-1", None, "key", "hello", None)
    async with app.router.lifespan_context(app):
        for _ in range(100):
            if not (left := chat.transcripts.conversation("web-1")):
                break
            await asyncio.sleep(0.01)
        assert left == []


def test_limits_come_from_the_settings_that_exist():
    settings = Settings({})
    assert Options.of(settings) == Options()
    settings.rate_conversation = "1/hour"
    assert Options.of(settings).rate_conversation == "1/hour"


def test_names_come_from_the_packs(tmp_path):
    (tmp_path / "ae").mkdir()
    (tmp_path / "ae" / "administration.yml").write_text("name: {en: Emirates, ar: الإمارات}", encoding="utf-8")
    (tmp_path / "us").mkdir()
    (tmp_path / "us" / "administration.yml").write_text("name: [broken", encoding="utf-8")
    settings = Settings({"CUSTOMS_CONTENT_DIR": str(tmp_path), "CUSTOMS_ADMINISTRATIONS": "ae,us,eu"})
    assert [one.name("ar") for one in names_from_packs(settings)()] == ["الإمارات", "US", "EU"]
    assert Administration("ae", {"en": "Emirates"}).name("ar") == "Emirates"


@pytest.mark.parametrize("package", ["telegram", "knowledge_base", "faiss", "torch"])
def test_the_chat_starts_without_what_it_does_not_need(package):
    code = f"import sys, bot.web.app; sys.exit({package!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path.cwd(), timeout=60).returncode == 0
