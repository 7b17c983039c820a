"""A source is found among more than a thousand: by words of its title, publisher or address, in one administration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from knowledge_base.console.guidance.models import Administration, Entry, Source
from knowledge_base.console.guidance.shapes import questions_of

pytestmark = pytest.mark.django_db


def titles(client: Client, model: type, **asked: object) -> list[str]:
    response = client.get(reverse(model.snippet_viewset.chooser_viewset.get_url_name("choose_results")), asked)
    assert response.status_code == 200
    return [str(row) for row in response.context["results"]]


@pytest.fixture
def author(person: Callable[..., User], browse: Callable[[User], Client]) -> Client:
    return browse(person("ann", "author"))


def test_by_words(author: Client, meridia: Administration) -> None:
    source = Source.objects.first()
    word = source.title.split()[0].lower()
    found = titles(author, Source, q=f"{word} {source.publisher.split()[0]}")
    assert str(source) in found
    assert titles(author, Source, q="zzz") == []
    assert len(titles(author, Source)) == Source.objects.count()


def test_an_answer_by_words_of_two_of_its_questions(author: Client, meridia: Administration) -> None:
    """Each once, and no question joined to the list: two words would be looked for in every pair of questions."""
    entry = Entry.objects.get(key="qm.alcohol.allowance")
    entry.questions = questions_of({"en": ["may i bring zzfirst", "what of zzsecond", "zzsecond again"]})
    entry.save()
    with CaptureQueriesContext(connection) as asked:
        assert titles(author, Entry, q="zzsecond ZZFIRST") == [str(entry)]
    assert not [each["sql"] for each in asked if 'OUTER JOIN "guidance_question"' in each["sql"]]
    assert titles(author, Entry, q="zzsecond zzz") == []


def test_by_administration(author: Client, meridia: Administration) -> None:
    other = Administration.objects.create(
        key="qz", name={"en": "Zandia"}, authority={"en": "Zandia Customs"}, currency="XTS"
    )
    assert titles(author, Source, administration=other.pk) == []
    assert titles(author, Entry, administration=meridia.pk)


def test_the_window_offers_both(author: Client, meridia: Administration) -> None:
    window = author.get(reverse(Source.snippet_viewset.chooser_viewset.get_url_name("choose"))).json()["html"]
    assert 'name="q"' in window and 'name="administration"' in window and "Meridia" in window
    alone = author.get(reverse(Administration.snippet_viewset.chooser_viewset.get_url_name("choose"))).json()["html"]
    assert 'name="q"' in alone and 'name="administration"' not in alone
