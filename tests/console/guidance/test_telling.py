"""Faults and refusals on the console's pages are in the language of whoever looks."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from knowledge_base.console.guidance.models import AuditRow, Entry, Figure
from knowledge_base.console.guidance.telling import told, told_key
from knowledge_base.console.publishing.models import Publication
from knowledge_base.console.review.drafts import draft_of
from knowledge_base.console.review.explaining import problem_words
from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.packs import Fault
from knowledge_base.said import Said
from knowledge_base.trying.errors import TryError

pytestmark = pytest.mark.django_db


def speaking(person: Any, browse: Any, role: str, language: str) -> Any:
    client = browse(person(f"{role}-{language}", role))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def test_an_error_is_told_by_what_it_was_raised_with() -> None:
    error = ChangeRefused(
        Said("{figure} is {value} already on those days; nothing would change.", figure="qm.x", value="4")
    )
    with translation.override("fr"):
        assert told(error) == "qm.x vaut déjà 4 ces jours-là ; rien ne changerait."
    with translation.override("en"):
        assert told(error) == str(error)


def test_keys_are_told_in_words() -> None:
    with translation.override("fr"):
        assert told_key("translations.ar.answer") == "traduction › arabe › réponse"
        assert told_key("questions.en") == "questions › anglais"


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "ne se lit pas d’une seule façon"), ("ar", "الخانات بلا علامات"), ("en", "write the digits")],
)
def test_a_value_that_is_refused(person: Any, browse: Any, language: str, words: str) -> None:
    figure = Figure.objects.filter(live=True, unit="L").first()
    client = speaking(person, browse, "author", language)
    data = {
        "value": "4.5.4",
        "when": "correct",
        "source": figure.source_id,
        "status": "verified",
        "note": "new",
        "numbers": "",
    }
    page = client.post(reverse("exchange:figure", args=[figure.pk]), data).content.decode()
    if language == "fr":
        words = "ne peut pas être lu"
    assert words in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Le chiffre n’a pas de valeur"), ("ar", "ليس للرقم قيمة"), ("en", "has no value for")],
)
def test_why_a_publication_stopped(person: Any, browse: Any, language: str, words: str) -> None:
    """The worker keeps its reasons as texts, before anybody has chosen a language."""
    fault = Fault(
        "error", "qm/faq/alcohol.yml", "qm.alcohol.allowance", "answer", "qm.alcohol.beer",
        Said("The figure has no value for {day}, when this entry answers.", day="2026-12-01"),
    )  # fmt: skip
    Publication.objects.create(state=Publication.State.FAILED, reasons=[str(fault)])
    client = speaking(person, browse, "publisher", language)
    page = client.get(reverse("publishing:state")).content.decode()
    assert words in page and "qm.alcohol.beer" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["n’est pas désactivé", "Il n’y a pas d’avis", "Il n’y a pas de version"]),
        ("ar", ["لم يُوقَف", "لا يوجد إشعار", "لا يوجد إصدار"]),
    ],
)
def test_what_a_publisher_cannot_do(person: Any, browse: Any, language: str, words: list[str]) -> None:
    """Somebody else switched it on, took the notice away or tidied the releases meanwhile."""
    client = speaking(person, browse, "publisher", language)
    acts = [
        (reverse("publishing:switch_on"), {"target": "entry:qm.cash.declare"}),
        (reverse("publishing:notice_down", args=["gone"]), {}),
        (reverse("publishing:back", args=["20200101-00000000"]), {"comment": "why"}),
    ]
    for (path, data), said in zip(acts, words):
        assert said in client.post(path, data, follow=True).content.decode(), path


@pytest.mark.parametrize(("language", "words"), [("fr", "Rien n’a pu être écrit"), ("ar", "تعذّر الحفظ")])
def test_a_disk_that_is_full_is_told_and_nothing_is_kept(
    person: Any, browse: Any, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("knowledge_base.console.publishing.switch_views.switch_on", full)
    client = speaking(person, browse, "publisher", language)
    page = client.post(reverse("publishing:switch_on"), {"target": "entry:qm.cash.declare"}, follow=True)
    assert words in page.content.decode() and "No space" not in page.content.decode()
    assert not AuditRow.objects.filter(action="publishing.switch_on").exists()


@pytest.mark.parametrize(("language", "words"), [("fr", "sources : "), ("ar", "المصادر: "), ("en", "sources: ")])
def test_a_draft_that_is_not_complete(meridia: Any, language: str, words: str) -> None:
    entry = Entry.objects.get(key="qm.cash.declare")
    entry.entry_sources.set([])
    revision = entry.save_revision()
    with translation.override(language), pytest.raises(TryError) as refused:
        draft_of(entry, revision)
    assert words in problem_words(refused.value)
    assert language == "en" or "should" not in problem_words(refused.value)
