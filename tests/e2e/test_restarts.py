"""Every process is killed once: an honest reply while it is away, the log names the conversation, and the talk goes on after."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from benchmarks.service import Service
from tests.e2e.conftest import words


def inner(signed: str) -> str:
    """The id that Rasa and the logs know, without the signature."""
    return signed.rsplit(".", 1)[0]


@pytest.mark.parametrize(("part", "reason"), [("actions", "action_server_down"), ("rasa", "rasa_down")])
def test_killed_behind_the_chat(service: Service, talk: Any, log: Any, part: str, reason: str) -> None:
    conversation = talk(administration="gb")
    assert conversation.send("how many cigarettes can i bring")["entry"] == "gb.tobacco.allowance"
    service.kill(part)
    reply = conversation.send("how much wine can i bring")
    assert (reply["outcome"], reply["reason"]) == ("failed", reason)
    assert words(reply)
    assert inner(conversation.conversation) in log("chat")
    service.restart(part)
    assert conversation.send("how much wine can i bring")["entry"] == "gb.alcohol.allowance"


def test_the_conversation_survives_rasa(service: Service, talk: Any) -> None:
    conversation = talk()
    conversation.send(payload='/change_administration{"administration":"gb"}')
    service.kill("rasa")
    service.restart("rasa")
    assert conversation.send("how many cigarettes can i bring")["entry"] == "gb.tobacco.allowance", "the country is remembered"


def test_the_conversation_survives_the_chat(service: Service, talk: Any) -> None:
    conversation = talk(administration="gb")
    first = conversation.send("how many cigarettes can i bring", idempotency_key="once-and-only")
    service.kill("chat")
    with pytest.raises(requests.ConnectionError):
        conversation.send("how much wine can i bring")
    service.restart("chat")
    again = conversation.send("how many cigarettes can i bring", idempotency_key="once-and-only")
    assert again["request_id"] == first["request_id"], "one message, one answer, also across a restart"
    transcript = requests.get(f"{service.url}/api/v1/conversations/{conversation.conversation}", timeout=30).json()
    assert str(transcript).count(first["request_id"]) >= 1


def test_readiness_tells_when_rasa_is_away(service: Service) -> None:
    assert requests.get(service.url + "/readyz", timeout=30).status_code == 200
    service.kill("rasa")
    assert requests.get(service.url + "/healthz", timeout=30).status_code == 200
    assert requests.get(service.url + "/readyz", timeout=30).status_code == 503
    service.restart("rasa")
    assert requests.get(service.url + "/readyz", timeout=30).status_code == 200


def wait_for_release(service: Service, release: str | None) -> None:
    """Wait until the action server listens and says that it serves `release`."""
    state = None
    for _ in range(600):
        try:
            state = requests.get(service.settings.actions_url + "/ready", timeout=30).json()
        except requests.ConnectionError:
            state = None
        if state and state["release"] == release:
            return
        time.sleep(0.1)
    raise AssertionError(state)


def test_release_missing_corrupt_and_swapped(service: Service, talk: Any, log: Any) -> None:
    link = Path(service.var_dir) / "releases" / "current"
    good = link.resolve()

    def serve(folder: Path | None) -> None:
        link.unlink(missing_ok=True)
        if folder:
            link.symlink_to(folder)

    # A corrupt one is refused; the last good one goes on serving.
    bad = link.parent / "bad"
    shutil.copytree(good, bad)
    (bad / "gb" / "pack.json").write_text("{}")
    serve(bad)
    time.sleep(2.5)
    assert talk(administration="gb").send("how many cigarettes can i bring")["release"] == good.name
    assert "gb/pack.json is missing or damaged" in log("actions")
    # Started with the corrupt one, or with none, it says so; it recovers without a restart.
    for folder in (bad, None):
        serve(folder)
        service["actions"].stop()
        service["actions"].start()
        wait_for_release(service, None)
        reply = talk(administration="gb").send("how many cigarettes can i bring")
        assert (reply["outcome"], reply["reason"]) == ("failed", "no_release"), reply
        serve(good)
        wait_for_release(service, good.name)
        assert talk(administration="gb").send("how many cigarettes can i bring")["outcome"] == "answered"
    # A swap between two good ones drops nothing.
    copy = link.parent / "copy"
    shutil.copytree(good, copy)
    manifest = (copy / "manifest.json").read_text().replace(f'"id": "{good.name}"', '"id": "20990101-copy"')
    (copy / "manifest.json").write_text(manifest)
    served = set()
    for number in range(40):
        if number == 10:
            new = link.with_name(".new")
            new.symlink_to(copy)
            os.replace(new, link)
        reply = talk(administration="gb").send("how many cigarettes can i bring")
        assert reply["outcome"] == "answered"
        served.add(reply["release"])
        if len(served) == 2:
            break
        time.sleep(0.1)
    assert served == {good.name, "20990101-copy"}
    new = link.with_name(".new")
    new.symlink_to(good)
    os.replace(new, link)
    wait_for_release(service, good.name)
