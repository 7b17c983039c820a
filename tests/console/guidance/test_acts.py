"""The audit log in words: every kind of act that the console writes has them, in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation
from wagtail.users.models import UserProfile

from knowledge_base.console.accounts import ties
from knowledge_base.console.guidance.acts import ACTS, act_choices, act_words
from knowledge_base.console.guidance.audit import record


def written_acts() -> Iterator[tuple[str, str]]:
    """(file and line, kind of act) for each call in the knowledge base that keeps an act on record."""
    for path in Path(settings.BASE).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in KEEPERS:
                place = KEEPERS[getattr(node.func, "id", getattr(node.func, "attr", ""))]
                for action in _named(node.args[place]):
                    yield f"{path.name}:{node.lineno}", action


# The functions that keep an act on record, and where among their arguments the kind stands.
KEEPERS = {"record": 1, "drafted": 3}


def _named(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _named(node.body) + _named(node.orelse)
    if isinstance(node, ast.Name) and node.id.isupper():
        return [getattr(ties, node.id)]
    assert isinstance(node, ast.Name) and node.id == "action", ast.dump(node)  # handed on by `drafted`
    return []


def test_each_kind_of_act_that_is_written_has_words_and_no_other() -> None:
    written = dict((action, where) for where, action in written_acts())
    assert {action: where for action, where in written.items() if action not in ACTS} == {}
    assert sorted(set(ACTS) - set(written)) == []


def test_no_two_kinds_of_act_read_alike() -> None:
    for language in ("en", "ar", "fr"):
        with translation.override(language):
            words = [name for _action, name in act_choices()]
            assert len(set(words)) == len(ACTS), language


def test_an_act_of_an_earlier_version_is_told_as_it_was_written() -> None:
    assert act_words("entry.approve") == "entry.approve"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("en", "asked for approval"), ("ar", "طلب الموافقة"), ("fr", "approbation demandée")]
)
def test_the_audit_log_is_read_and_narrowed_in_words(
    person: Callable[..., User], browse: Callable[[User], Client], language: str, words: str
) -> None:
    ida = person("ida", "auditor")
    UserProfile.objects.update_or_create(user=ida, defaults={"preferred_language": language})
    client = browse(ida)
    record(ida, "approval.submit", ida)
    record(ida, "draft", ida)
    page = BeautifulSoup(client.get("/guidance/audit/").content, "html.parser")
    assert words in page.select_one("main table").text
    chosen = page.find("option", string=words)["value"]
    narrowed = BeautifulSoup(client.get("/guidance/audit/", {"action": chosen}).content, "html.parser")
    rows = [" ".join(row.text.split()) for row in narrowed.select("main tbody tr")]
    assert len(rows) == 1 and words in rows[0]
    table = b"".join(client.get("/guidance/audit/", {"export": "csv"}).streaming_content).decode()
    assert words in table and "approval.submit" in table
