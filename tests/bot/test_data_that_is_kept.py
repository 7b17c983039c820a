"""The table "Data that is kept" in docs/operations.md says what is so: each row's setting, term and deletion.

What deletes on request and by age is tested beside each store; here is what the table says of it.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import time
from contextlib import closing

import pytest

from bot.telegram.chats import Chats
from bot.telegram.database import DAY, KEEP, SCHEMA, open_database
from bot.telegram.subscriptions import Subscription, Subscriptions
from bot.telegram.updates import Inbox
from bot.web.options import Options
from bot.web.rates import RateLimits
from customs.run import supervisor_file
from customs.settings import ROOT, TABLE, Settings
from tests.bot.telegram.shared_store import shared, store_url, valkey  # noqa: F401 - fixtures
from tests.bot.web.conftest import client_of, make_app  # noqa: F401 - a fixture

WORDS = "zzsecretzz"


def rows() -> dict[str, list[str]]:
    """The table: first cell → the others."""
    text = (ROOT / "docs" / "operations.md").read_text()
    part = text.partition("## Data that is kept")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ") and not line.startswith("| where")]
    return {cells[0]: cells[1:] for line in lines if (cells := [cell.strip() for cell in line.strip("|").split("|")])}


def row(beginning: str) -> list[str]:
    found = [cells for name, cells in rows().items() if name.startswith(beginning)]
    assert len(found) == 1, beginning
    return found[0]


@pytest.mark.parametrize(("place", "name"), [
    ("`var/conversations.db`", "conversation_days"), ("`var/chat.db`", "transcript_days"),
    ("`var/feedback.db`", "feedback_days"), ("`var/asked.db`", "asked_days"),
])  # fmt: skip
def test_the_terms_are_those_of_the_settings(place, name):
    default = next(setting.default for setting in TABLE if setting.name == name)
    _, setting, term, _ = row(place)
    assert setting == f"`CUSTOMS_{name.upper()}`" and re.match(rf"{default} days\b", term)


@pytest.mark.parametrize("table", sorted(KEEP))
def test_the_terms_of_telegrams_tables_are_those_in_the_code(table):
    name = next(name for name in rows() if "telegram.db" in name and f"`{table}`" in name)
    assert re.match(rf"{KEEP[table][1] / DAY:g} days\b", rows()[name][2])


def test_every_table_that_may_name_somebody_is_in_the_list():
    names = set(re.findall(r"TABLE IF NOT EXISTS (\w+)", SCHEMA)) - {"marks"}  # the release that was compared last
    listed = " ".join(name for name in rows() if "telegram.db`:" in name)
    assert names == set(re.findall(r"`(\w+)`", listed.replace("`var/telegram.db`", "")))


def test_telegrams_file_is_swept_by_age(tmp_path):
    database = open_database(tmp_path / "telegram.db")
    inbox, chats, followed = Inbox(database), Chats(database), Subscriptions(database)
    for number in (1, 2):
        inbox.receive(number, "{}", number)
        chats.replied(number, "en", 1)
        chats.first(f"rating:{number}:1", number)
        followed.note_told(number)
        database.execute("INSERT INTO payloads VALUES (?, 'p', ?)", (str(number), time.time()))
        database.execute("INSERT INTO source_lists VALUES (?, 's', ?)", (str(number), time.time()))
    followed.add(Subscription(1, "gb.cash", "en", "t", "d"))
    for table, (column, seconds) in KEEP.items():
        late = f"UPDATE {table} SET {column} = {column} - ? WHERE rowid = (SELECT min(rowid) FROM {table})"
        database.execute(late, (seconds + 60,))
    inbox.sweep()
    for table in KEEP:
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,), table
    assert len(followed.all()) == 1


def test_a_sweep_of_a_broken_file_is_logged(tmp_path, caplog):
    database = open_database(tmp_path / "telegram.db")
    database.close()
    Inbox(database).sweep()
    assert "could not be deleted" in caplog.text


async def test_rates_are_forgotten_when_the_table_says_so(shared, store_url):  # noqa: F811
    options = Options()
    rates = RateLimits(options.rate_conversation, options.rate_address, store_url)
    await rates.hit("conversation", "web-1")
    await rates.hit("address", "192.0.2.1")
    minutes = int(re.search(r"as shipped (\d+) minutes", row("the store of `CUSTOMS_RATE_STORAGE`")[2])[1])
    terms = [shared.redis.ttl(key) for key in shared.redis.scan_iter()]
    assert len(terms) >= 2 and all(0 < term <= minutes * 60 for term in terms)


def test_logs_are_bounded_as_the_table_says(tmp_path):
    written = supervisor_file({"chat": ["true"]}, tmp_path).read_text()
    assert "ten megabytes a part, three older files" in row("`var/log/`")[2]
    assert "stdout_logfile_maxbytes=10MB" in written and "stdout_logfile_backups=3" in written


async def test_neither_logs_nor_metrics_hold_words(make_app, rasa, caplog):  # noqa: F811
    caplog.set_level(logging.INFO)
    app = make_app()
    async with client_of(app) as api:
        for mode in ("ok", "error"):
            rasa.mode = mode
            reply = (await api.post("/api/v1/messages", json={"text": f"my name is {WORDS}"})).json()
        metrics = (await api.get("/metrics")).text
    bare = rasa.received[-1]["sender"]
    assert bare in caplog.text and WORDS not in caplog.text
    assert "customs_turns_total" in metrics and WORDS not in metrics and bare not in metrics
    assert reply["conversation"] not in metrics and reply["conversation"] not in caplog.text
    await app.state.chat.client.close()


async def test_a_deleted_conversation_leaves_no_word_in_any_file_of_the_chat(make_app, rasa, tmp_path):  # noqa: F811
    app = make_app()
    async with app.router.lifespan_context(app):
        async with client_of(app) as api:
            sent = {"text": f"how much {WORDS} can i bring"}
            signed = (await api.post("/api/v1/messages", json=sent)).json()["conversation"]
            receipt = (await api.delete(f"/api/v1/conversations/{signed}")).json()
    assert receipt["dialogue_deleted"] is True and rasa.forgotten == [rasa.received[0]["sender"]]
    with closing(sqlite3.connect(tmp_path / "chat.db")) as database:
        assert database.execute("SELECT count(*) FROM exchanges").fetchone() == (0,)
    holding = [path.name for path in tmp_path.rglob("*") if path.is_file() and WORDS.encode() in path.read_bytes()]
    assert holding == []


def test_the_settings_can_be_given():
    given = Settings({"CUSTOMS_CONVERSATION_DAYS": "7", "CUSTOMS_FEEDBACK_DAYS": "0.5"})
    assert (given.conversation_days, given.feedback_days) == (7.0, 0.5)
