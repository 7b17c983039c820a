"""Faults and refusals on the console's pages are in the language of whoever looks."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from knowledge_base.console.guidance.models import Figure
from knowledge_base.console.guidance.telling import told, told_key
from knowledge_base.console.publishing.models import Publication
from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.packs import Fault
from knowledge_base.said import Said

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
