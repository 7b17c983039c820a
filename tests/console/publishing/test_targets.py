"""What is switched off is told by its name, in the language of whoever looks."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.publishing.places import switches_file
from knowledge_base.console.publishing.targets import target_name
from knowledge_base.switches import switch_off, switch_on

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Alcohol (Meridia)"), ("fr", "Alcool (Meridia)"), ("ar", "الكحول (ميريديا)")]
)
def test_a_topic_has_a_name(meridia: Any, language: str, name: str) -> None:
    meridia.name = {"en": "Meridia", "ar": "ميريديا"}
    meridia.save()
    with translation.override(language):
        assert target_name("topic:qm/alcohol") == name


def test_everything_has_a_name(meridia: Any) -> None:
    entry = Entry.objects.filter(live=True).first()
    assert target_name(f"entry:{entry.key}") == f"{entry.title} ({entry.key})"
    assert target_name("administration:qm") == "Meridia"
    assert target_name("channel:telegram") == "Telegram"
    assert target_name("topic:qm/new_things") == "New things (Meridia)"
    assert target_name("entry:qm.gone") == "qm.gone"  # it was renamed since


def test_the_page_tells_the_name_and_not_the_code(meridia: Any, person: Any, browse: Any) -> None:
    client = browse(person("peter", "publisher"))
    switch_off(switches_file(), "topic:qm/alcohol", "being checked", "peter")
    try:
        page = client.get(reverse("publishing:switches")).content.decode()
        assert "Alcohol (Meridia)" in page
        assert "<strong><bdi>Alcohol (Meridia)</bdi></strong>" in page and "Switch Alcohol (Meridia) on again" in page
    finally:
        switch_on(switches_file(), "topic:qm/alcohol")
