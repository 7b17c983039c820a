"""The editor as people use it: through its forms, with what each of them may change."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from knowledge_base.console.guidance.models import Administration, AuditRow, Entry, Figure, PackFile, Source
from knowledge_base.console.guidance.shapes import entry_data, figure_data
from knowledge_base.console.guidance.usage import uses_of
from tests.console.forms import form_of

pytestmark = pytest.mark.django_db
Person = Callable[..., User]
Browse = Callable[[User], Client]


def url(model: Any, name: str, *args: Any) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


@pytest.fixture
def entry(meridia: Administration) -> Entry:
    return Entry.objects.get(key="qm.alcohol.allowance")


def latest(entry: Any) -> Any:
    return type(entry).objects.get(pk=entry.pk).latest()


def test_saving_what_was_shown_changes_nothing(entry: Entry, person: Person, browse: Browse) -> None:
    client = browse(person("ann", "author"))
    for item, shape in ((entry, entry_data), (Figure.objects.get(key="qm.cash.over"), figure_data)):
        before = shape(item)
        response = client.post(url(type(item), "edit", item.pk), form_of(client, url(type(item), "edit", item.pk)))
        assert response.status_code == 302
        assert shape(latest(item)) == before


def test_a_draft_is_not_served_and_is_on_record(entry: Entry, person: Person, browse: Browse) -> None:
    client = browse(person("ann", "author"))
    data = form_of(client, url(Entry, "edit", entry.pk)) | {"answer": "No.\r\n\r\n- {qm.alcohol.wine} is all."}
    assert client.post(url(Entry, "edit", entry.pk), data).status_code == 302
    assert latest(entry).answer == "No.\n\n- {qm.alcohol.wine} is all.\n"
    assert Entry.objects.get(pk=entry.pk).answer == entry.answer
    assert AuditRow.objects.filter(action="draft", key=entry.key, name="ann").exists()


def test_questions_are_one_a_line_and_keep_their_order(entry: Entry, person: Person, browse: Browse) -> None:
    client = browse(person("ann", "author"))
    data = form_of(client, url(Entry, "edit", entry.pk))
    lines = data["questions_en"].splitlines()
    assert lines[0] == "how much wine can i bring"
    data["questions_en"] = "\r\n".join([lines[1], "  a new one  ", "", lines[0], "a new one"])
    client.post(url(Entry, "edit", entry.pk), data)
    questions = entry_data(latest(entry))["questions"]
    assert questions["en"] == [lines[1], "a new one", lines[0]]
    assert questions["ar"] == entry_data(entry)["questions"]["ar"]
    first, second = latest(entry).revisions.order_by("pk")
    page = client.get(url(Entry, "revisions_compare", entry.pk, first.pk, second.pk))
    assert b"a new one" in page.content


def test_every_field_stands_once(entry: Entry, person: Person, browse: Browse) -> None:
    page = browse(person("ann", "author")).get(url(Entry, "edit", entry.pk)).content.decode()
    names = re.findall(r'name="((?:questions_|title|answer|topic)[^"]*)"', page)
    assert sorted(names) == sorted(set(names))
    assert "questions_en" in names and "answer" in names


def test_an_unknown_figure_is_named(entry: Entry, person: Person, browse: Browse) -> None:
    client = browse(person("ann", "author"))
    data = form_of(client, url(Entry, "edit", entry.pk)) | {"answer": "Up to {qm.alcohol.whisky}."}
    response = client.post(url(Entry, "edit", entry.pk), data)
    assert "There is no figure “qm.alcohol.whisky”" in response.content.decode()


def test_a_new_answer_asks_for_its_administration_before_what_depends_on_it(
    meridia: Administration, person: Person, browse: Browse
) -> None:
    page = browse(person("ann", "author")).get(url(Entry, "add")).content.decode()
    administration, *others = (page.index(f'name="{name}"') for name in ("administration", "title", "answer"))
    sources = page.index("entry_sources-TOTAL_FORMS")
    assert administration < min(*others, sources)


def test_what_is_chosen_is_asked_in_the_language_of_each_reader(
    meridia: Administration, person: Person, browse: Browse
) -> None:
    """One after the other: the words are not those of whoever came first."""
    for language, words in (
        ("en", "Choose administration"),
        ("ar", "اختيار: إدارة"),
        ("fr", "Choisir : administration"),
    ):
        reader = person(f"reader-{language}", "author")
        UserProfile.objects.create(user=reader, preferred_language=language)
        page = BeautifulSoup(browse(reader).get(url(Entry, "add")).content, "html.parser")
        assert words in {" ".join(button.text.split()) for button in page.select("button[data-chooser-action-choose]")}


def test_a_new_answer_gets_an_id_of_its_own(meridia: Administration, person: Person, browse: Browse) -> None:
    client = browse(person("ann", "author"))
    data = form_of(client, url(Entry, "add")) | {
        "administration": meridia.pk,
        "topic": "alcohol",
        "title": "May I bring cider?",
        "answer": "Yes.",
        "review_by": "2027-05-01",
        "questions_en": "cider",
        "entry_sources-TOTAL_FORMS": 1,
        "entry_sources-0-source": Source.objects.get(key="qm-general").pk,
        "entry_sources-0-ORDER": 1,
    }
    assert client.post(url(Entry, "add"), data).status_code == 302
    new = Entry.objects.get(key="qm.alcohol.may_i_bring_cider")
    assert not new.live
    assert [question.text for question in new.questions.all()] == ["cider"]
    again = client.post(url(Entry, "add"), data | {"key": "qm.alcohol.may_i_bring_cider"})
    assert "There is “qm.alcohol.may_i_bring_cider” already" in again.content.decode()


def test_a_source_of_another_administration_is_refused(entry: Entry, person: Person, browse: Browse) -> None:
    other = Administration.objects.create(
        key="qz", name={"en": "Zandia"}, authority={"en": "Zandia Customs"}, currency="XTS"
    )
    source = Source.objects.create(
        administration=other, key="qz-guide", title="Guide to Zandia", url="https://zandia.example/", live=True
    )
    client = browse(person("ann", "author"))
    data = form_of(client, url(Entry, "edit", entry.pk)) | {"entry_sources-0-source": source.pk}
    response = client.post(url(Entry, "edit", entry.pk), data)
    assert response.status_code == 200
    assert "belongs to Zandia" in response.content.decode()


def test_id_and_administration_stay(entry: Entry, person: Person, browse: Browse) -> None:
    client = browse(person("ann", "author"))
    data = form_of(client, url(Entry, "edit", entry.pk)) | {"key": "qm.other", "administration": "999"}
    client.post(url(Entry, "edit", entry.pk), data)
    assert (latest(entry).key, latest(entry).administration_id) == (entry.key, entry.administration_id)


class TestTranslations:
    def test_what_was_made_from_an_earlier_original_is_said_until_it_is_confirmed(
        self, entry: Entry, person: Person, browse: Browse
    ) -> None:
        client = browse(person("ann", "author"))
        edit = url(Entry, "edit", entry.pk)
        data = form_of(client, edit)
        client.post(edit, data | {"translations-0-fits": "on"})
        assert latest(entry).stale_translations() == []
        client.post(edit, form_of(client, edit) | {"title": "How much wine may come along?"})
        assert latest(entry).stale_translations() == ["ar"]
        assert "made from an earlier original: ar" in client.get(edit).content.decode()
        client.post(edit, form_of(client, edit) | {"translations-0-title": "كم من النبيذ؟"})
        assert latest(entry).stale_translations() == []

    def test_a_translator_changes_translations_of_their_languages_and_nothing_else(
        self, entry: Entry, person: Person, browse: Browse
    ) -> None:
        client = browse(person("tara", "translator", languages=["ar", "fr"]))
        edit = url(Entry, "edit", entry.pk)
        data = form_of(client, edit) | {
            "title": "Changed", "answer": "Changed", "most_asked": "", "review_by": "2030-01-01", "topic": "cash",
            "questions_en": "changed", "questions_es": "cambiado", "translations-0-title": "عنوان جديد",
        }  # fmt: skip
        client.post(edit, data)
        before, after = entry_data(entry), entry_data(latest(entry))
        assert after["translations"]["ar"]["title"] == "عنوان جديد"
        for same in ("title", "answer", "questions", "sources", "review_by", "most_asked", "related"):
            assert after[same] == before[same], same
        assert latest(entry).topic == "alcohol"

    def test_a_translator_of_another_language_changes_nothing(
        self, entry: Entry, person: Person, browse: Browse
    ) -> None:
        client = browse(person("tara", "translator", languages=["ru"]))
        edit = url(Entry, "edit", entry.pk)
        data = form_of(client, edit) | {"translations-0-title": "other", "translations-0-DELETE": "on"}
        client.post(edit, data)
        assert entry_data(latest(entry))["translations"] == entry_data(entry)["translations"]

    def test_a_language_stands_there_once(self, entry: Entry, person: Person, browse: Browse) -> None:
        client = browse(person("ann", "author"))
        edit = url(Entry, "edit", entry.pk)
        row = {"language": "ar", "title": "x", "answer": "y", "ORDER": 2}
        data = (
            form_of(client, edit) | {"translations-TOTAL_FORMS": 2} | {f"translations-1-{k}": v for k, v in row.items()}
        )
        assert b"This language stands there twice" in client.post(edit, data).content


class TestRights:
    def test_an_author_of_another_administration_cannot_edit(
        self, entry: Entry, person: Person, browse: Browse
    ) -> None:
        client = browse(person("far", "author", administrations=["qn"]))
        assert client.get(url(Entry, "edit", entry.pk)).status_code == 302
        client.post(url(Entry, "edit", entry.pk), {"title": "x"})
        assert latest(entry).title == entry.title

    def test_nor_make_anything_there(self, meridia: Administration, person: Person, browse: Browse) -> None:
        client = browse(person("far", "author", administrations=["qn"]))
        data = form_of(client, url(Figure, "add")) | {"administration": meridia.pk, "label": "x", "unit": "L"}
        client.post(url(Figure, "add"), data)
        assert not Figure.objects.filter(label="x").exists()

    @pytest.mark.parametrize("role", ["auditor", "analyst", "reviewer", "publisher"])
    def test_readers_see_list_history_and_comparison_and_change_nothing(
        self, entry: Entry, person: Person, browse: Browse, role: str
    ) -> None:
        revision = latest(entry)
        revision.title = "Second"
        revision.save_revision()
        first, second = entry.revisions.order_by("pk")
        client = browse(person("reader", role))
        for page in (
            url(Entry, "list"), url(Entry, "history", entry.pk), url(Entry, "inspect", entry.pk), url(Entry, "usage", entry.pk),
            url(Entry, "revisions_compare", entry.pk, first.pk, second.pk),
        ):  # fmt: skip
            assert client.get(page).status_code == 200, page
        for page in (url(Entry, "edit", entry.pk), url(Entry, "add")):
            assert client.get(page).status_code == 302, page
        count = entry.revisions.count()
        client.post(url(Entry, "edit", entry.pk), {"title": "x"})
        client.post(url(Entry, "revisions_revert", entry.pk, first.pk), {"title": "x"})
        assert entry.revisions.count() == count


class TestFigures:
    def test_what_does_not_go_together_is_named(self, meridia: Administration, person: Person, browse: Browse) -> None:
        client = browse(person("ann", "author"))
        figure = Figure.objects.get(key="qm.alcohol.wine")
        edit = url(Figure, "edit", figure.pk)
        for change, word in (
            ({"periods-0-value": "many"}, "does not go with unit L"),
            ({"currency": "XTS"}, "either unit or currency"),
            ({"status": "conflicting"}, "lists no other value"),
        ):
            response = client.post(edit, form_of(client, edit) | change)
            assert word in response.content.decode(), change

    def test_usage_names_answers_translations_and_rules(self, entry: Entry, meridia: Administration) -> None:
        PackFile.objects.create(
            administration=meridia, key="cash.yml", text="a: 1\nb: qm.alcohol.wine\nc: qm.alcohol.wine_more\n"
        )
        found = {use.item.key: use.where for use in uses_of(Figure.objects.get(key="qm.alcohol.wine"))}
        assert found[entry.key] == ("en", "ar")
        assert found["cash.yml"] == ("2",)

    def test_usage_page(self, meridia: Administration, person: Person, browse: Browse) -> None:
        figure = Figure.objects.get(key="qm.alcohol.wine")
        page = browse(person("ann", "auditor")).get(url(Figure, "usage", figure.pk)).content.decode()
        assert "How much wine can I bring into Meridia?" in page

    def test_picker_gives_todays_value(self, meridia: Administration, person: Person, browse: Browse) -> None:
        client = browse(person("ann", "author"))
        found = client.get("/guidance/figures.json", {"administration": meridia.pk, "q": "wine free"}).json()["figures"]
        assert found == [
            {"key": "qm.alcohol.wine", "label": "Wine free of duty", "value": "3 litres", "status": "verified"}
        ]
        assert client.get("/guidance/figures.json", {"administration": "x' or 1=1", "q": "wine"}).json() == {
            "figures": []
        }


class TestPreview:
    def show(self, client: Client, answer: str, language: str = "en") -> str:
        return client.post("/guidance/answer-preview/", {"answer": answer, "language": language}).content.decode()

    def test_values_lists_and_escapes(self, meridia: Administration, person: Person, browse: Browse) -> None:
        client = browse(person("ann", "author"))
        page = self.show(client, "Up to {qm.alcohol.wine}.\n\n- <b>{=Form 3}</b>")
        assert "<p>Up to 3 litres.</p>" in page
        assert "<li>&lt;b&gt;Form 3&lt;/b&gt;</li>" in page

    @pytest.mark.parametrize(
        "answer", ["{", "{}", "{qm.none}", "{qm.alcohol.wine|oddly}", "{=", "x" * 30_000, "", "{qm.pets.fee}"]
    )
    def test_nothing_breaks_it(self, meridia: Administration, person: Person, browse: Browse, answer: str) -> None:
        client = browse(person("ann", "author"))
        for language in ("en", "ar", "xx", "../"):
            response = client.post("/guidance/answer-preview/", {"answer": answer, "language": language})
            assert response.status_code == 200, language


def test_lists_are_narrowed(entry: Entry, person: Person, browse: Browse) -> None:
    ann = person("ann", "author")
    client = browse(ann)
    other = Entry.objects.get(key="qm.alcohol.over")
    draft = other.latest()
    draft.title = "Another title"
    draft.save_revision(user=ann)
    other.get_workflow().start(Entry.objects.get(pk=other.pk), ann)

    def found(**query: Any) -> set[str]:
        page = client.get(url(Entry, "list"), query)
        return {item.key for item in page.context["object_list"]}

    assert found(state="review") == found(state="draft") == {other.key}
    assert entry.key in found(topic="alcohol") and entry.key not in found(topic="pets")
    assert entry.key in found(language="ar")
    assert found(language="zh") == set()
    assert entry.key in found(q="wine")
    assert found(review="due") == set()
    assert found(state="off") == set()
    assert found(administration=entry.administration_id)
