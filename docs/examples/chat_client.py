"""A client of the chat API in the standard library alone: talk in a terminal, or take `ChatClient` for a channel of your own.

    python docs/examples/chat_client.py http://127.0.0.1:8000 --administration ae

One `ChatClient` is one person's conversation. A message that did not get through is sent again with the same idempotency key, so that
it is answered once; a number chooses a button of the last reply.
"""

from __future__ import annotations

import argparse
import json
import urllib.error
import urllib.request
import uuid
from time import sleep
from typing import Any

Reply = dict[str, Any]
TRIES = 3
TIMEOUT_S = 30


class Refused(Exception):
    """The service refused a message for good; the words are its own."""


class ChatClient:
    """One conversation with the service at `url`. `administration` and `language` are hints, which a question may overrule."""

    def __init__(self, url: str, administration: str | None = None, language: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.hints = {"administration": administration, "language": language}
        self.conversation: str | None = None  # opens the conversation: keep it as you keep a password
        self.buttons: list[dict[str, str]] = []

    def say(self, text: str) -> Reply:
        """Send what somebody typed: words, or the number of a button. Raises `Refused`, or `OSError` when nobody answers."""
        if text.isdecimal() and 1 <= int(text) <= len(self.buttons):
            button = self.buttons[int(text) - 1]
            return self._send({"text": button["title"], "payload": button["payload"]})
        return self._send({"text": text})

    def forget(self) -> Reply:
        """Have the conversation deleted; the receipt."""
        receipt = self._request("DELETE", f"/api/v1/conversations/{self.conversation}")
        self.conversation, self.buttons = None, []
        return receipt

    def _send(self, message: dict[str, Any]) -> Reply:
        body = message | self.hints | {"conversation": self.conversation, "idempotency_key": uuid.uuid4().hex}
        body = {name: value for name, value in body.items() if value is not None}
        reply = self._request("POST", "/api/v1/messages", body)
        self.conversation = reply["conversation"]
        # A reply without buttons leaves none to choose: its numbers are amounts.
        self.buttons = [item for block in reply["blocks"] if block["type"] == "buttons" for item in block["items"]]
        return reply

    def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Reply:
        data = None if body is None else json.dumps(body).encode()
        for attempt in range(1, TRIES + 1):
            request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                wait = int(error.headers.get("Retry-After") or attempt)
                if error.code != 429 and error.code < 500 or attempt == TRIES:
                    raise Refused(_words_of(error)) from None
            except OSError:
                wait = attempt
                if attempt == TRIES:
                    raise
            sleep(wait)
        raise AssertionError("not reached")


def _words_of(error: urllib.error.HTTPError) -> str:
    try:
        return json.load(error)["message"]
    except (ValueError, KeyError):
        return f"{error.code} {error.reason}"


def as_text(reply: Reply) -> str:
    """A reply in plain words; replace this by how your channel shows paragraphs, tables and buttons."""
    lines: list[str] = []
    number = 0
    for block in reply["blocks"]:
        kind = block["type"]
        if kind in {"paragraph", "notice"}:
            lines.append(block["text"])
        elif kind == "list":
            lines += [f"- {item}" for item in block["items"]]
        elif kind == "table":
            lines += [" | ".join(row) for row in [block["columns"], *block["rows"]]]
        elif kind == "card":
            rows = [f"{label}: {value}" for label, value in block.get("rows") or ()]
            lines += [part for part in (block["title"], block.get("text"), *rows, block.get("url")) if part]
        elif kind == "source":
            lines.append(f"{block['title']} ({block['checked']}): {block['url']}")
        elif kind == "buttons":
            lines += [block["label"]] if block.get("label") else []
            for item in block["items"]:
                number += 1
                lines.append(f"[{number}] {item['title']}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Talk until an empty line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--administration")
    parser.add_argument("--language")
    options = parser.parse_args(arguments)
    client = ChatClient(options.url, options.administration, options.language)
    while said := input("> ").strip():
        try:
            print(as_text(client.say(said)))
        except (Refused, OSError) as error:
            print(f"! {error}")


if __name__ == "__main__":
    main()
