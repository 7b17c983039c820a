"""The same figures by every way: the rules on the served release, the API, the web chat and its page, Telegram.

`parity_cases.yml` tells a hundred sums both in words and as the rules take them. What the rules say, written by `knowledge_base/figures`,
is what each way must show: the verdict, every quantity and limit, each row and the total.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests
from pydantic import BaseModel

from benchmarks.service import Service
from bot.telegram.payloads import WHOLE
from knowledge_base.packs import read_yaml
from tests.bot.telegram.harness import buttons as keys
from tests.bot.telegram.harness import running_bot
from tests.e2e.conftest import Talk, buttons
from tests.e2e.parity import WORDS, Cells, Expected, by_the_rules, plain

CASES: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("parity_cases.yml"))
BY_ID = {case["id"]: case for case in CASES}
ON_THE_PAGE = [case["id"] for case in CASES][4::10]
# The only buttons that are pressed: a sum that is offered under an answer, and the heading that a person must confirm.
OFFERS = ("/check_allowance", "/estimate_duty", "/declare_cash")
CONFIRM = "/confirm_heading"
AT_ONCE = 10  # talks on Telegram side by side


@pytest.fixture(scope="module")
def expected(service: Service) -> dict[str, Expected]:
    """What the rules of the served release say of every case."""
    folders = (service.var_dir / "releases" / "current").glob("*/pack.json")
    packs = {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in folders}
    return {case["id"]: by_the_rules(case, packs[case["administration"]]) for case in CASES}


def to_press(case: dict[str, Any], offered: list[tuple[str, str]]) -> str | None:
    """Of (title, payload) the payload that leads on to the result: the heading of the case, else a sum on offer."""
    for payload in (payload for _, payload in offered if payload.startswith(CONFIRM)):
        assert f'"good":"{case["goods"][0]["good"]}"' in payload, (case["id"], "another heading is offered", payload)
        return payload
    return next((payload for _, payload in offered if payload.startswith(OFFERS)), None)


def cell_fits(shown: str, wanted: str | None) -> bool:
    shown = plain(shown)
    return bool(shown) and not re.search(r"\d", shown) if wanted is WORDS else shown == wanted


def differences(way: str, text: str, tables: list[list[list[str]]], wanted: Expected) -> Iterator[str]:
    """Each figure that `way` shows otherwise than the rules have it. `tables` without their heads, `text` with all that is read."""
    # The page has its own words before the answer; elsewhere what decides comes first, without "if nothing special applies".
    if way != "page" and not plain(text).startswith(wanted.sentence[0]):
        yield f"{way}: begins {plain(text)[:100]!r}, by the rules {wanted.sentence[0]!r}"
    for part in wanted.sentence:
        if part not in plain(text):
            yield f"{way}: no {part!r} in {plain(text)[:300]!r}"
    if len(tables) != len(wanted.tables):
        yield f"{way}: {len(tables)} tables, by the rules {len(wanted.tables)}"
    for number, (rows, right) in enumerate(zip(tables, wanted.tables), 1):
        if len(rows) != len(right):
            yield f"{way}: table {number} has {len(rows)} rows, by the rules {len(right)}"
        for row, cells in zip(rows, right):
            if len(row) != len(cells) + 1:
                yield f"{way}: table {number}, {row[:1]}: {len(row) - 1} cells, by the rules {len(cells)}"
            for shown, cell in zip(row[1:], cells):
                if not cell_fits(shown, cell):
                    yield f"{way}: table {number}, {row[0]}: {shown!r}, by the rules {cell!r}"


def in_blocks(way: str, blocks: list[dict[str, Any]], wanted: Expected) -> list[str]:
    tables = [block["rows"] for block in blocks if block["type"] == "table"]
    return list(differences(way, blocks[0].get("text", "") if blocks else "", tables, wanted))


def unlike(told: Any, right: Any, place: str) -> Iterator[str]:
    """Where JSON of the API says another thing than the rules' own result; the asker's words are no figure."""
    if isinstance(right, BaseModel) or dataclasses.is_dataclass(right):
        names = (
            type(right).model_fields if isinstance(right, BaseModel) else [f.name for f in dataclasses.fields(right)]
        )
        derived = [name for name in ("verdict", "total") if hasattr(right, name) and name not in names]
        for name in [*names, *derived]:
            if not isinstance(told, dict) or name not in told:
                yield f"{place} has no {name}"
            else:
                yield from unlike(told[name], getattr(right, name), f"{place}.{name}")
    elif isinstance(right, dict):
        yield from (f"{place}.{name}: missing" for name in right.keys() - told.keys())
        for name in right.keys() & told.keys():
            yield from unlike(told[name], right[name], f"{place}.{name}")
    elif isinstance(right, tuple):
        if len(told) != len(right):
            yield f"{place}: {len(told)}, by the rules {len(right)}"
        for number, (one, other) in enumerate(zip(told, right)):
            yield from unlike(one, other, f"{place}[{number}]")
    elif isinstance(right, Decimal):
        if told is None or Decimal(told) != right:
            yield f"{place}: {told}, by the rules {right}"
    elif told != (right.isoformat() if isinstance(right, date) else right):
        yield f"{place}: {told!r}, by the rules {right!r}"


@pytest.mark.parametrize("name", [name for name, case in BY_ID.items() if case["sum"] != "cash"])
def test_the_api_has_the_figures_of_the_rules(service: Service, expected: dict[str, Expected], name: str) -> None:
    case, wanted = BY_ID[name], expected[name]
    asked = {"administration": case["administration"], "language": case.get("language", "en")}
    answer = post(service, case["sum"], asked | {"text": case["say"]})
    if case["sum"] == "duty":
        assert answer["needs"] == ["g1.good"], (name, answer["needs"])
        consignment = answer["consignment"]
        for line, told in zip(consignment["lines"], case["goods"], strict=True):
            line["good"] = told["good"]
        answer = post(service, case["sum"], asked | {"consignment": consignment})
    assert answer["needs"] == [], name
    wrong = [*unlike(answer["result"], wanted.result, "API: result"), *in_blocks("API", answer["blocks"], wanted)]
    assert not wrong, (name, wrong)


def post(service: Service, name: str, body: dict[str, Any]) -> dict[str, Any]:
    response = requests.post(f"{service.url}/api/v1/{name}", json=body, timeout=60)
    assert response.status_code == 200, response.text[:300]
    return response.json()


@pytest.mark.parametrize("name", BY_ID)
def test_the_web_chat_has_the_figures_of_the_rules(talk: Any, expected: dict[str, Expected], name: str) -> None:
    case = BY_ID[name]
    conversation: Talk = talk(administration=case["administration"], language=case.get("language", "en"))
    reply = conversation.send(case["say"])
    while reply["outcome"] != "calculated":
        offered = [(button["title"], button["payload"]) for button in buttons(reply)]
        payload = to_press(case, offered)
        assert payload, (name, reply["outcome"], reply["reason"], offered)
        reply = conversation.send(text="-", payload=payload)
    wrong = in_blocks("web chat", reply["blocks"], expected[name])
    assert not wrong, (name, wrong)


class Page(HTMLParser):
    """The tables of a page, without their heads, its buttons' payloads and its text, in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.payloads: list[tuple[str, str]] = []
        self.text = ""
        self._inside: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        given = dict(attributes)
        if tag == "button" and given.get("name") == "choice":
            payload, _, title = (given.get("value") or "").partition("|")
            self.payloads.append((title, payload))
        if tag == "tbody":
            self.tables.append([])
        if tag == "tr" and "tbody" in self._inside:
            self.tables[-1].append([])
        if tag in {"td", "th"} and "tbody" in self._inside:
            self.tables[-1][-1].append("")
        if tag in {"tbody", "td", "th"}:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        self.text += data
        if {"td", "th"} & set(self._inside) and "tbody" in self._inside:
            self.tables[-1][-1][-1] += data


@pytest.mark.parametrize("name", ON_THE_PAGE)
def test_the_page_has_the_figures_of_the_rules(service: Service, expected: dict[str, Expected], name: str) -> None:
    case, wanted = BY_ID[name], expected[name]
    form = {"lang": case.get("language", "en"), "administration": case["administration"]}
    with requests.Session() as browser:

        def send(**more: str) -> Page:
            response = browser.post(f"{service.url}/ask", data=form | more, timeout=60)
            assert response.status_code == 200, (name, response.status_code)
            answers = re.split(r'id="latest"', response.text)
            assert len(answers) == 2, (name, "the page does not mark its latest answer")
            return Page("<p " + answers[1])

        page, pressed = send(text=case["say"]), set()
        while (payload := to_press(case, [one for one in page.payloads if one[1] not in pressed])) is not None:
            pressed.add(payload)
            page = send(choice=f"{payload}|-")
    wrong = list(differences("page", page.text, page.tables, wanted))
    assert not wrong, (name, wrong)


@pytest.fixture(scope="module")
def on_telegram(service: Service, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the real bot wrote last in a chat of each case."""

    async def last_words() -> dict[str, str]:
        written: dict[str, str] = {}
        async with running_bot(service.rasa_url, tmp_path_factory.mktemp("telegram")) as world:

            async def answers(phones: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
                await world.idle()
                return {name: await phone.rest() for name, phone in phones.items()}

            for some in (CASES[at : at + AT_ONCE] for at in range(0, len(CASES), AT_ONCE)):
                phones = {case["id"]: world.phone(language_code=case.get("language", "en")) for case in some}
                for case in some:
                    phones[case["id"]].say(f"/start {case['administration']}")
                await answers(phones)
                for case in some:
                    phones[case["id"]].say(case["say"])
                waiting = phones
                while waiting:
                    further = {}
                    for name, messages in (await answers(waiting)).items():
                        written[name] = "\n".join(message["text"] for message in messages)
                        offered = {key["callback_data"]: message for message in messages for key in keys(message)}
                        payload = to_press(BY_ID[name], [("", data.removeprefix(WHOLE)) for data in offered])
                        if payload is not None:
                            phones[name].press_data(offered[WHOLE + payload], WHOLE + payload)
                            further[name] = phones[name]
                    waiting = further
        return written

    return asyncio.run(last_words())


@pytest.mark.parametrize("name", BY_ID)
def test_telegram_has_the_figures_of_the_rules(
    on_telegram: dict[str, str], expected: dict[str, Expected], name: str
) -> None:
    wrong = list(not_in_messages(on_telegram[name], expected[name]))
    assert not wrong, (name, wrong, on_telegram[name][:600])


def not_in_messages(text: str, wanted: Expected) -> Iterator[str]:
    """What is not in the messages: each row of a table is there as lines "column: cell", one below the other, rows in order.

    A cell with nothing in it has no line.
    """
    lines = [plain(line) for line in text.split("\n")]
    tables = [[[cell for cell in cells if cell != ""] for cells in rows] for rows in wanted.tables]
    if not plain(text).startswith(wanted.sentence[0]):
        yield f"Telegram: begins {plain(text)[:100]!r}, by the rules {wanted.sentence[0]!r}"
    yield from (f"Telegram: no {part!r}" for part in wanted.sentence if part not in plain(text))
    place = 0
    for number, cells in ((number, cells) for number, rows in enumerate(tables, 1) for cells in rows):
        starts = range(place, len(lines) - len(cells) + 1)
        found = next((start for start in starts if stands_at(lines[start : start + len(cells)], cells)), None)
        if found is None:
            yield f"Telegram: table {number}: no row {cells}"
        else:
            place = found + len(cells)


def stands_at(lines: list[str], cells: Cells) -> bool:
    return all(":" in line and cell_fits(line.partition(":")[2], cell) for line, cell in zip(lines, cells))


def test_the_cases_are_as_many_and_as_mixed_as_they_must_be() -> None:
    assert len(BY_ID) == len(CASES) == 100 and len(ON_THE_PAGE) == 10
    assert Counter(case["sum"] for case in CASES) == {"allowance": 60, "duty": 30, "cash": 10}
    assert {case["administration"] for case in CASES if case["sum"] == "cash"} == {"ae", "eu", "gb", "us"}
    languages = Counter(case.get("language", "en") for case in CASES)
    assert languages["en"] == 80 and set(languages) == {"en", "ar", "es", "fr", "hi"}


def test_a_figure_that_is_otherwise_is_named() -> None:
    wanted = Expected(None, ["About £72.24 is due."], [[["£210", "12 %", "£25.20"], ["", "", WORDS]]])
    right = [[["Duty", "£210", "12\N{NO-BREAK SPACE}%", "£25.20"], ["In all", "", "", "not known"]]]
    assert not list(differences("page", "About £72.24 is due. Read on.", right, wanted))
    wrong = [[["Duty", "£210", "12 %", "£25.02"], ["In all", "", "", "not known"]]]
    (told,) = differences("page", "About £72.24 is due.", wrong, wanted)
    assert told == "page: table 1, Duty: '£25.02', by the rules '£25.20'"
    assert list(differences("page", "About £72.42 is due.", right[:0], wanted))
    said = "About £72.24 is due.\nDuty\nOn: £210\nRate: 12 %\nAmount: £25.20\nIn all\nAmount: not known"
    assert not list(not_in_messages(said, wanted)) and list(not_in_messages(said.replace("25.20", "25.02"), wanted))
