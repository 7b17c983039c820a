"""A session ends an hour after the last act of a person, also under a page that asks by itself every few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from knowledge_base.console.sessions import ASKED_BY_PAGES

pytestmark = pytest.mark.django_db
Person = Callable[..., User]


def visits(client: Client, path: str, minutes: list[int], **headers: str) -> list[int]:
    found = []
    now = time.time()
    for minute in minutes:
        with time_machine.travel(now + minute * 60):
            found.append(client.get(path, headers=headers).status_code)
    return found


@pytest.fixture
def signed_in(person: Person) -> Client:
    person("ann", "author")
    client = Client()
    client.post("/login/", {"username": "ann", "password": "bruised-otter-lamp", "next": "/"})
    return client


def test_who_works_stays_signed_in(signed_in: Client) -> None:
    assert visits(signed_in, "/snippets/guidance/figure/", [0, 50, 100, 150]) == [200] * 4
    assert visits(signed_in, "/", [220]) == [302]


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(signed_in: Client) -> None:
    assert visits(signed_in, reverse("publishing:mark"), [0, 20, 40, 59]) == [200] * 4
    assert visits(signed_in, "/", [61]) == [302]


def test_pages_of_ours_say_so_by_a_header(signed_in: Client) -> None:
    assert visits(signed_in, "/", [0, 40], **{"X-By-Itself": "1"}) == [200, 200]
    assert visits(signed_in, "/", [61]) == [302]


def test_those_pages_are_there() -> None:
    for name in ASKED_BY_PAGES - {"wagtailadmin_editing_sessions:ping"}:
        assert reverse(name)
    assert reverse("wagtailadmin_editing_sessions:ping", args=["guidance", "entry", "1", 1])


def test_somebody_unknown_gets_no_session() -> None:
    assert "console_session" not in Client().get("/login/").cookies
