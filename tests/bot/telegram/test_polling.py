"""The polling process from outside: started, stopped, killed, in conflict, misconfigured."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from telegram.error import Conflict

from bot.telegram.polling import PollErrors, main
from tests.bot.telegram.fake_rasa import FakeRasa
from tests.bot.telegram.harness import choices, environ, serving, until
from tests.fakes.telegram_api import FakeTelegram, create_app

ROOT = Path(__file__).resolve().parents[3]
QUESTION = "how many cigarettes"


class Process:
    """`python -m bot.telegram.polling` with its log in `log`."""

    def __init__(self, process, log_path):
        self.process, self.log_path = process, log_path

    @property
    def log(self):
        return self.log_path.read_text()

    async def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), 30)


_running = []


async def begin(settings, log_path):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CUSTOMS_", "TELEGRAM_"))}
    with log_path.open("w") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.telegram.polling", cwd=ROOT, env=inherited | settings, stdout=log, stderr=log
        )
    _running.append(process)
    return Process(process, log_path)


@asynccontextmanager
async def services(tmp_path, **more):
    """The fakes, and the environment of a process that uses them."""
    api, rasa = FakeTelegram(), FakeRasa()
    async with serving(rasa.app) as rasa_url, serving(create_app(api)) as api_url:
        try:
            yield api, rasa, environ(api, api_url, rasa_url, tmp_path / "var", CUSTOMS_LOG_LEVEL="DEBUG", **more)
        finally:
            while _running:
                if (process := _running.pop()).returncode is None:
                    process.kill()
                    await process.wait()
            await api.close()


async def test_sigterm_lets_what_was_received_be_answered_and_a_kill_loses_nothing(tmp_path):
    async with services(tmp_path) as (api, rasa, settings):
        process = await begin(settings, tmp_path / "log")
        await until(lambda: len(api.commands) == 9, "the start")
        rasa.delay_s = 0.4
        for chat in range(1, 21):
            api.message(chat, QUESTION)
        await until(lambda: len(rasa.seen) >= 5, "the first turns")
        assert len(api.sent) < 20
        assert await process.end(signal.SIGTERM) == 0
        assert sorted(message["chat"]["id"] for message in api.sent) == list(range(1, 21))
        assert api.token not in process.log and QUESTION in str(rasa.seen)

        # Killed with updates taken from Telegram (acknowledged) and not yet answered.
        api.commands.clear()
        process = await begin(settings, tmp_path / "log")
        await until(lambda: len(api.commands) == 9, "the start")
        rasa.delay_s = 30
        for chat in range(31, 36):
            api.message(chat, QUESTION)
        await until(lambda: len(rasa.seen) == 25 and not api.updates, "the turns")
        await process.end(signal.SIGKILL)
        rasa.delay_s = 0
        process = await begin(settings, tmp_path / "log")
        await until(lambda: len(api.sent) == 25, "what was left")
        assert "5 updates were left unanswered" in process.log
        assert await process.end() == 0
        assert sorted(message["chat"]["id"] for message in api.sent[20:]) == list(range(31, 36))


async def test_a_press_that_a_kill_left_unanswered_is_answered_once(tmp_path):
    async with services(tmp_path) as (api, rasa, settings):
        process = await begin(settings, tmp_path / "log")
        await until(lambda: len(api.commands) == 9, "the start")
        api.message(1, "/start")
        await until(lambda: api.sent, "the greeting")
        (greeting,) = api.sent
        as_pressed, button = dict(greeting), choices(greeting)[0]
        rasa.delay_s = 30
        api.press(as_pressed, button["callback_data"])
        await until(lambda: len(rasa.seen) == 2 and api.edits and not api.updates, "the press in work")
        await process.end(signal.SIGKILL)
        rasa.delay_s = 0
        process = await begin(settings, tmp_path / "log")
        await until(lambda: len(api.sent) == 2, "the answer")
        assert api.sent[1]["text"].count(button["text"]) == 0, "the choice stands under the pressed message, once"
        assert greeting["text"].count(button["text"]) == 1
        api.press(as_pressed, button["callback_data"])
        api.message(1, "/help")
        await until(lambda: len(api.sent) == 3, "the help")
        assert rasa.seen[1]["metadata"]["message"] == rasa.seen[2]["metadata"]["message"], "Rasa can tell that it is the same"
        assert rasa.messages[-1] == "/help" and len(rasa.seen) == 4, "another press of the same button counts no more"
        assert await process.end() == 0


async def test_a_second_poller_and_a_webhook_are_told_in_one_line(tmp_path):
    async with services(tmp_path) as (api, _, settings):
        api.webhook = {"url": "https://chat.example.org/telegram/webhook"}
        process = await begin(settings, tmp_path / "log")
        await until(lambda: len(api.commands) == 9, "the start")
        assert process.log.count("A webhook at https://chat.example.org/telegram/webhook was set") == 1
        api_url = settings["CUSTOMS_TELEGRAM_API_URL"] + api.token
        async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
            for _ in range(2):
                await http.post(api_url + "/getUpdates", json={"timeout": 0.5})
        await until(lambda: "Somebody else gets this bot's updates" in process.log, "the line")
        api.message(1, QUESTION)
        await until(lambda: api.sent, "an answer, as the other one is gone")
        assert process.log.count("Somebody else gets this bot's updates") == 1
        line = next(line for line in process.log.splitlines() if "Somebody else" in line)
        assert "terminated by other getUpdates" in line and "stop the other one" in line
        assert "Traceback" not in process.log
        assert await process.end(signal.SIGINT) == 0


async def test_telegram_is_down_at_the_start(tmp_path):
    async with services(tmp_path) as (api, _, settings):
        api.down = True
        process = await begin(settings, tmp_path / "log")
        await until(lambda: "next try in" in process.log, "a try in vain")
        api.down = False
        api.message(1, QUESTION)
        await until(lambda: api.sent, "an answer")
        api.down = True
        await api.close()  # the poll that is under way ends
        await until(lambda: "the polling goes on" in process.log, "a log line")
        assert await process.end() == 0
        assert api.token not in process.log

        process = await begin(settings, tmp_path / "log")
        await until(lambda: "next try in" in process.log, "a try in vain")
        assert await process.end() == 0  # it can be stopped while it waits


@pytest.mark.parametrize(("name", "value", "words"), [
    ("TELEGRAM_BOT_TOKEN", "", "TELEGRAM_BOT_TOKEN is not set"),
    ("CUSTOMS_TELEGRAM_MODE", "webhook", "CUSTOMS_TELEGRAM_MODE is 'webhook'"),
    ("CUSTOMS_TELEGRAM_MOOD", "x", "CUSTOMS_TELEGRAM_MOOD"),
    ("CUSTOMS_VAR_DIR", __file__, "CUSTOMS_VAR_DIR"),
])  # fmt: skip
def test_a_missing_or_wrong_setting_ends_the_process_by_name(monkeypatch, capsys, tmp_path, name, value, words):
    for key, given in {"TELEGRAM_BOT_TOKEN": "1:x", "CUSTOMS_VAR_DIR": str(tmp_path), name: value}.items():
        monkeypatch.setenv(key, given)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2 and words in capsys.readouterr().err


async def test_a_refused_token_ends_the_process_without_showing_it(tmp_path):
    async with services(tmp_path) as (_, _, settings):
        process = await begin(settings | {"TELEGRAM_BOT_TOKEN": "999:other"}, tmp_path / "log")
        assert await asyncio.wait_for(process.process.wait(), 30) == 1
        assert "Telegram refused TELEGRAM_BOT_TOKEN" in process.log
        assert "Traceback" not in process.log and "999:other" not in process.log


def test_a_conflict_is_told_once_an_episode(caplog):
    errors = PollErrors()
    for _ in range(5):
        errors(Conflict("terminated by other getUpdates request"))
    assert caplog.text.count("Somebody else") == 1
