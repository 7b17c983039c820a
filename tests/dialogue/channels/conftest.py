"""The real engine with both connectors on, the real action server behind it; only Facebook and Twilio are played, on loopback.

The deliveries in payloads/ have the form that the connectors' own documentation shows.
"""

import asyncio
import base64
import copy
import hashlib
import hmac
import itertools
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp import web

from customs.bootstrap import APP_PYTHON, step_environment, var_dir
from customs.settings import ROOT
from tests.dialogue.conftest import Engine

PAYLOADS = Path(__file__).with_name("payloads")
PUBLIC_URL = "https://customs.example/webhooks/twilio/webhook"
SECRET, VERIFY, AUTH_TOKEN = "app-secret", "verify-me", "twilio-token"
START_S = 120
_ids = itertools.count(1)


class Providers:
    """Facebook's Graph and Twilio's API as far as the connectors call them; `status` is what they answer."""

    def __init__(self):
        self.graph, self.twilio, self.authorised, self.status = [], [], [], 200
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()

    async def _graph(self, request):
        self.authorised.append(request.query.get("access_token"))
        self.graph.append(await request.json())
        return web.json_response({"message_id": "m_1"}, status=self.status)

    async def _messages(self, request):
        self.authorised.append(request.headers.get("Authorization"))
        self.twilio.append(dict(await request.post()))
        if self.status != 200:
            return web.json_response({"code": 21617, "message": "too long", "status": 400}, status=400)
        return web.json_response({"sid": "SM1"}, status=201)

    def _run(self):
        asyncio.set_event_loop(self._loop)

        async def start():
            app = web.Application()
            app.router.add_post("/graph/me/messages", self._graph)
            app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._messages)
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
            self._ready.set()

        self._loop.run_until_complete(start())
        self._loop.run_forever()

    def __enter__(self):
        threading.Thread(target=self._run, daemon=True).start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)

    def texts(self, recipient):
        """What was written to somebody, in order."""
        messages = [
            one["message"]["text"] for one in self.graph if one["recipient"]["id"] == recipient and "message" in one
        ]
        return messages + [one["Body"] for one in self.twilio if one["To"] == recipient]

    def quick_replies(self, recipient):
        """The choices under the last message to somebody."""
        last = [one["message"] for one in self.graph if one["recipient"]["id"] == recipient and "message" in one][-1]
        return last.get("quick_replies", [])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def shared_var(tmp_path_factory):
    """The folder in which engine and action server keep what they keep."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="session")
def real_actions(shared_var):
    """The real action server over the built release; its port."""
    release = var_dir() / "releases" / "current"
    if not APP_PYTHON.exists() or not (release / "manifest.json").exists():
        pytest.fail("The environment of the actions or a release is missing: run `make setup`.")
    folder, port = shared_var, free_port()
    (folder / "releases").mkdir()
    (folder / "releases" / "current").symlink_to(release.resolve())
    environ = {name: value for name, value in step_environment().items() if not name.startswith("CUSTOMS_")}
    environ |= {"CUSTOMS_VAR_DIR": str(folder), "CUSTOMS_ACTIONS_URL": f"http://127.0.0.1:{port}"}
    with (folder / "log").open("wb") as log:
        command = [str(APP_PYTHON), "-m", "customs.cli", "serve", "actions"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        until = time.monotonic() + START_S
        while not _answers(f"http://127.0.0.1:{port}/ready"):
            assert process.poll() is None and time.monotonic() < until, (folder / "log").read_text()[-2000:]
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def providers():
    with Providers() as played:
        yield played


@pytest.fixture(scope="session")
def connected(model, real_actions, providers, shared_var, tmp_path_factory):
    """The engine with both connectors on."""
    folder = tmp_path_factory.mktemp("connected")
    credentials = {
        "dialogue.rest.RestChannel": None,
        "dialogue.channels.facebook.FacebookChannel": {
            "verify": VERIFY, "secret": SECRET, "page-access-token": "page-token", "graph_url": f"{providers.url}/graph",
        },
        "dialogue.channels.twilio.WhatsAppChannel": {
            "account_sid": "AC00000000000000000000000000000000", "auth_token": AUTH_TOKEN, "api_url": providers.url,
            "twilio_number": "whatsapp:+15005550001", "public_url": PUBLIC_URL, "administration": "ae", "language": "ar",
        },
    }  # fmt: skip
    path = folder / "credentials.yml"
    path.write_text(json.dumps(credentials))  # JSON is YAML
    for name in ("NO_PROXY", "no_proxy"):
        os.environ.setdefault(name, "127.0.0.1")
    engine = Engine(model, real_actions, shared_var, free_port(), ("--credentials", str(path))).start()
    yield engine
    engine.stop()


def payload(name):
    """A recorded delivery."""
    return copy.deepcopy(json.loads((PAYLOADS / name).read_text()))


def post(url, body, headers):
    """(status, text) of a delivery."""
    request = urllib.request.Request(url, body, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Person:
    """Somebody in Messenger or WhatsApp."""

    def __init__(self, engine, providers):
        self.engine, self.providers, self.id, self.read = engine, providers, self.new_id(next(_ids)), 0

    def heard(self):
        """What came since the last look."""
        texts = self.providers.texts(self.id)
        new, self.read = texts[self.read :], len(texts)
        return new


class OnMessenger(Person):
    """Somebody in Messenger; `deliver` sends a recorded delivery in his name."""

    def new_id(self, number):
        return f"75{number:014}"

    def deliver(self, delivery, secret=SECRET, method="sha256", fresh=True):
        for entry in delivery["entry"]:
            for event in entry["messaging"]:
                event["sender"]["id"] = self.id
                said = event.get("message") or event.get("postback")
                if said and fresh:
                    said["mid"] = f"m_{next(_ids)}"
        body = json.dumps(delivery).encode()
        signature = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
        name = "X-Hub-Signature-256" if method == "sha256" else "X-Hub-Signature"
        headers = {"Content-Type": "application/json", name: f"{method}={signature}"}
        return post(f"{self.engine.url}/webhooks/facebook/webhook", body, headers)

    def say(self, text):
        """Write, and read what comes."""
        delivery = payload("facebook_text.json")
        delivery["entry"][0]["messaging"][0]["message"]["text"] = text
        assert self.deliver(delivery) == (200, "success")
        return self.heard()

    def press(self, choice):
        """Press a quick reply."""
        delivery = payload("facebook_quick_reply.json")
        message = delivery["entry"][0]["messaging"][0]["message"]
        message["text"], message["quick_reply"]["payload"] = choice["title"], choice["payload"]
        assert self.deliver(delivery) == (200, "success")
        return self.heard()


class OnWhatsApp(Person):
    """Somebody in WhatsApp behind Twilio."""

    def new_id(self, number):
        return f"whatsapp:+1500555{number:04}"

    def deliver(self, fields, token=AUTH_TOKEN, fresh=True, signature=None):
        fields["From"] = self.id
        if fresh:
            fields["MessageSid"] = f"SM{next(_ids):032}"
        signed = PUBLIC_URL + "".join(name + fields[name] for name in sorted(fields))
        made = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature or made}
        return post(f"{self.engine.url}/webhooks/twilio/webhook", urlencode(fields).encode(), headers)

    def say(self, text):
        """Write, and read what comes."""
        fields = payload("twilio_whatsapp.json") | {"Body": text}
        assert self.deliver(fields)[0] == 204
        return self.heard()


@pytest.fixture
def messenger(connected, providers):
    """Makes people in Messenger."""
    return lambda: OnMessenger(connected, providers)


@pytest.fixture
def whatsapp(connected, providers):
    """Makes people in WhatsApp."""
    return lambda: OnWhatsApp(connected, providers)
