"""What one database takes and the other refuses: staff see the same on both. `CONSOLE_TEST_DATABASE` says on which these run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Administration, AuditRow, Entry, Source
from knowledge_base.console.sqlite.likeness import like

pytestmark = pytest.mark.django_db
Person, Browse = Callable[..., Any], Callable[..., Client]
NUL = "a\0b"


@pytest.fixture
def ann(person: Person, browse: Browse) -> Client:
    """Somebody with every role, so that no page is refused for want of a right."""
    return browse(person("ann", "author", "reviewer", "publisher", "manager", "auditor"))


def chosen_from(model: Any) -> str:
    return reverse(model.snippet_viewset.chooser_viewset.get_url_name("choose_results"))


def listed(model: Any) -> str:
    return reverse(model.snippet_viewset.get_url_name("list"))


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("exchange:figures", "q"),
        ("guidance:figures", "q"),
        ("guidance:audit", "name"),
        ("reports:curation", "administration"),
        ("unanswered:queue", "administration"),
        ("wagtailusers_users:index", "q"),
        (listed, "q"),
        (chosen_from, "q"),
    ],
)
def test_a_nul_in_an_address_is_refused(ann: Client, page: Any, field: str) -> None:
    address = page(Source) if callable(page) else reverse(page)
    assert ann.get(address, {field: "ab"}).status_code == 200
    assert ann.get(address, {field: NUL}).status_code == 400
    assert ann.get(address, {NUL: "ab"}).status_code == 400


def test_a_nul_in_a_form_is_refused(ann: Client) -> None:
    before = AuditRow.objects.count()
    refused = ann.post(reverse("publishing:switch_on"), {"target": "channel:web", "comment": NUL})
    assert refused.status_code == 400 and AuditRow.objects.count() == before
    assert ann.post("/login/", {"username": NUL, "password": "x"}).status_code == 400


def test_the_longest_name_is_on_record(person: Person) -> None:
    long = person("l" * 150, "author")
    long.first_name, long.last_name = "F" * 150, "L" * 150
    long.save()
    assert record(long, "draft").name == f"{'F' * 150} {'L' * 49}"


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Étranger: quelles preuves ?", "étranger"),
        ("quelles épreuves ?", "ÉPREUVES"),
        ("Можно ли ввезти табак?", "можно"),
        ("هل يمكنني إحضار التبغ؟", "إحضار"),
        ("100 % or 5_0", "100 %"),
        ("a\\b", "a\\B"),
    ],
)
def test_a_search_does_not_tell_small_letters_from_large(
    ann: Client, meridia: Administration, title: str, typed: str
) -> None:
    entry = Entry.objects.filter(administration=meridia)[0]
    Entry.objects.filter(pk=entry.pk).update(title=title)
    assert [row.pk for row in ann.get(listed(Entry), {"q": typed}).context["object_list"]] == [entry.pk]


def test_signs_that_stand_for_others_are_letters_in_a_search(meridia: Administration) -> None:
    entry = Entry.objects.filter(administration=meridia)[0]
    Entry.objects.filter(pk=entry.pk).update(title="Étape 50 %, 5_0")
    found = {typed: Entry.objects.filter(title__icontains=typed).exists() for typed in ("0 %,", "5%0", "5_0", "50_")}
    assert found == {"0 %,": True, "5%0": False, "5_0": True, "50_": False}


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("%ab%", "xABy", True),
        ("ab%", "xab", False),
        ("ab%", "ÀB", False),
        ("à_%", "ÀBC\nd", True),
        ("%50\\%%", "50 %", False),
        ("%50\\%%", "nearly 50%", True),
        ("%", "", True),
        ("%", None, None),
        (None, "a", None),
        ("1%", 12, True),
    ],
)
def test_like_of_sqlite(pattern: str | None, value: object, fits: bool | None) -> None:
    assert like(pattern, value, "\\") is fits
