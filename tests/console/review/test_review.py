"""The review page: what changes, how it looks, what was found; and deciding on exactly what was shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from knowledge_base.console.guidance.models import AuditRow, Entry, Figure
from knowledge_base.console.review.differences import word_parts
from knowledge_base.console.review.drafts import draft_of
from knowledge_base.console.review.findings import findings
from knowledge_base.trying.errors import TryError

pytestmark = pytest.mark.django_db
NEW = "Yes: each adult may bring {qm.alcohol.wine} of wine or mead.\n\n- It must be for your own use.\n"
AJAX = {"X-Requested-With": "XMLHttpRequest"}


def url(item: Any, name: str = "review") -> str:
    return reverse(f"review:{name}", args=[item._meta.model_name, item.pk])


def submitted(item: Any, user: Any) -> Any:
    item.get_workflow().start(item, user)
    return type(item).objects.get(pk=item.pk)


def test_words_are_compared_whole_and_a_figure_s_braces_are_one_word() -> None:
    parts = list(
        word_parts("You may bring {qm.alcohol.wine} of wine.", "You may bring {qm.alcohol.beer} of wine today.")
    )
    assert ("gone", "{qm.alcohol.wine} ") in parts and ("new", "{qm.alcohol.beer} ") in parts
    assert "".join(text for how, text in parts if how != "new") == "You may bring {qm.alcohol.wine} of wine."


def test_live_stands_beside_submitted_in_both_languages(draft, person, browse) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    item = draft(ann, NEW, ["may i bring mead"])
    latest = item.latest()
    translation = latest.translations.get(language="ar")
    translation.answer = translation.answer.replace("النبيذ", "النبيذ والميد")
    latest.translations = [translation]
    latest.save_revision(user=ann)
    item = submitted(Entry.objects.get(pk=item.pk), ann)
    page = browse(vera).get(url(item)).content.decode()
    assert "<del>free of duty</del><ins>or mead</ins>" in page
    assert "may i bring mead" in page and 'lang="ar"' in page and "والميد" in page
    assert 'name="act" value="approve"' in page


def test_the_answer_is_shown_as_on_the_web_and_on_telegram_with_today_s_figures(draft, person, browse) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    item = submitted(draft(ann, NEW), ann)
    part = browse(vera).get(url(item, "look"), headers=AJAX).content.decode()
    assert part.count("<iframe") == 2 and "3 litres of wine or mead" in part and "3 litres of wine free of duty" in part
    assert "review-telegram" in part and "📄" in part
    arabic = browse(vera).get(url(item, "look") + "?language=ar", headers=AJAX).content.decode()
    assert 'dir="rtl"' in arabic and "نعم، يجوز" in arabic


def test_a_figure_shows_value_before_and_after_and_every_answer_that_moves(figure_draft, person, browse) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    item = submitted(figure_draft(ann, "7"), ann)
    page = browse(vera).get(url(item)).content.decode()
    assert "<del>3</del>" in page and "<ins>7</ins>" in page
    part = browse(vera).get(url(item, "look"), headers=AJAX).content.decode()
    assert "7 litres of wine" in part and "3 litres of wine" in part
    assert "Answers that its value moves" in part and 'lang="ar"' in part


def test_what_was_found_names_doubles_contradictions_and_questions(draft, person) -> None:
    ann = person("ann", "author")
    over = Entry.objects.get(key="qm.alcohol.over")
    taken = [question.text for question in over.questions.all()]
    item = draft(ann, "Each adult may bring {=9 litres of wine} free of duty.\n", taken)
    found = findings(draft_of(item))
    assert any(near.entry.id == "qm.alcohol.over" for near in found.near)
    assert any(each.figure and each.figure.id == "qm.alcohol.wine" for each in found.contradictions)
    assert found.asked > len(taken)


def test_wordings_that_a_draft_drops_are_asked_and_get_worse(served, person) -> None:
    from knowledge_base.console.guidance.models import Question

    item = Entry.objects.get(key="qm.alcohol.over").latest()
    old = [question.text for question in item.questions.all()]
    lines = ("the ferry timetable", "where is the lost luggage desk", "parking near the harbour")
    item.questions = [Question(language="en", text=text, sort_order=number) for number, text in enumerate(lines)]
    item.title, item.answer = "When does the ferry leave?", "Ask at the desk.\n"
    item.save_revision(user=person("ann", "author"))
    found = findings(draft_of(Entry.objects.get(pk=item.pk)))
    worse = [move.asked.question.text for move in found.moved if move.better is False]
    assert set(worse) & set(old) and found.worse == len(worse)
    assert found.moved[0].better is False, "worse ones come first"


def test_a_figure_s_old_value_typed_by_hand_is_found(figure_draft, draft, person) -> None:
    from knowledge_base.console.review import desk

    ann = person("ann", "author")
    entry = desk.bench().searcher.release.entry("qm.alcohol.over")
    assert entry.title
    found = findings(draft_of(figure_draft(ann, "25", key="qm.alcohol.rate")))
    assert found.left_behind == []
    by_hand = entry.model_copy(update={"title": "What do I pay at 20 percent?"})
    shelf = desk.bench().searcher.release.shelves["qm"]
    shelf.entries[:] = [by_hand if each.id == entry.id else each for each in shelf.entries]
    try:
        found = findings(draft_of(Figure.objects.get(key="qm.alcohol.rate")))
    finally:
        shelf.entries[:] = [entry if each.id == entry.id else each for each in shelf.entries]
    assert [(each.entry, each.key) for each in found.left_behind] == [("qm.alcohol.over", "title")]


def test_a_draft_that_changes_nothing_has_nothing_found(draft, person) -> None:
    found = findings(draft_of(draft(person("ann", "author"), NEW)))
    assert found.contradictions == [] and found.near == [] and found.worse == 0


def test_an_unfinished_draft_is_told_in_words(served, person, browse) -> None:
    ann = person("ann", "author")
    item = Entry.objects.get(key="qm.alcohol.allowance")
    latest = item.latest()
    latest.answer = "Now {qm.alcohol.gone} of wine.\n"
    latest.save_revision(user=ann, clean=False)
    with pytest.raises(TryError, match=r"qm\.alcohol\.gone"):
        findings(draft_of(Entry.objects.get(pk=item.pk)))
    part = browse(ann).get(url(item, "found"), headers=AJAX)
    assert part.status_code == 200 and "qm.alcohol.gone" in part.content.decode()


# ---------------------------------------------------------------- deciding


def test_a_second_person_approves_and_it_is_served_and_written_down(draft, person, browse) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    item = submitted(draft(ann, NEW), ann)
    state = item.current_workflow_task_state
    browse(vera).post(url(item, "decide"), {"act": "approve", "revision": state.revision_id, "comment": "Good"})
    assert Entry.objects.get(pk=item.pk).answer == NEW
    assert AuditRow.objects.filter(action="approval.approve", comment="Good", name="vera").exists()


@pytest.mark.parametrize("roles", [("author", "reviewer"), ("publisher",), ("auditor",), ("manager",), ("analyst",)])
def test_nobody_approves_here_what_they_may_not(draft, person, browse, roles) -> None:
    ann, other = person("ann", "author"), person("other", *roles)
    writer = other if "author" in roles else ann
    item = submitted(draft(writer, NEW), ann)
    state = item.current_workflow_task_state
    client = browse(other)
    page = client.get(url(item))
    assert page.status_code == 200 and b'value="approve"' not in page.content
    client.post(url(item, "decide"), {"act": "approve", "revision": state.revision_id})
    row = Entry.objects.get(pk=item.pk)
    assert row.answer != NEW and row.workflow_in_progress


def test_a_reviewer_of_another_administration_reads_and_does_not_decide(draft, person, browse) -> None:
    ann, far = person("ann", "author"), person("far", "reviewer", administrations=["qn"])
    item = submitted(draft(ann, NEW), ann)
    browse(far).post(url(item, "decide"), {"act": "approve", "revision": item.current_workflow_task_state.revision_id})
    assert Entry.objects.get(pk=item.pk).answer != NEW


def test_only_the_version_that_was_on_the_page_is_decided(draft, person, browse) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    item = submitted(draft(ann, "First {qm.alcohol.wine}.\n"), ann)
    seen = item.current_workflow_task_state.revision_id
    item.current_workflow_state.cancel(user=ann)
    item = submitted(draft(ann, NEW), ann)
    reply = browse(vera).post(url(item, "decide"), {"act": "approve", "revision": seen}, follow=True)
    assert "meanwhile" in reply.content.decode()
    row = Entry.objects.get(pk=item.pk)
    assert row.workflow_in_progress and "mead" not in row.answer


def test_a_return_needs_a_word_and_another_act_is_none(draft, person, browse) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    item = submitted(draft(ann, NEW), ann)
    revision = item.current_workflow_task_state.revision_id
    for act, comment in (("reject", " "), ("publish", "x")):
        browse(vera).post(url(item, "decide"), {"act": act, "revision": revision, "comment": comment})
        assert Entry.objects.get(pk=item.pk).current_workflow_state.status == "in_progress"
    browse(vera).post(url(item, "decide"), {"act": "reject", "revision": revision, "comment": "Too long"})
    assert Entry.objects.get(pk=item.pk).current_workflow_state.status == "needs_changes"


def test_the_home_page_and_the_list_lead_to_the_review(draft, person, browse) -> None:
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    item = submitted(draft(ann, NEW), ann)
    for path in (
        reverse("wagtailadmin_home"),
        reverse("review:waiting"),
        reverse(Entry.snippet_viewset.get_url_name("list")),
    ):
        assert url(item) in browse(vera).get(path).content.decode(), path
    assert url(item) not in browse(ann).get(reverse("review:waiting")).content.decode()


def test_other_kinds_of_guidance_are_shown_too(served, person, browse) -> None:
    vera = person("vera", "reviewer")
    from knowledge_base.console.guidance.models import Administration, Source

    for item in (Source.objects.first(), Administration.objects.get(key="qm"), Figure.objects.first()):
        assert browse(vera).get(url(item)).status_code == 200
        assert browse(vera).get(url(item, "look"), headers=AJAX).status_code == 200
        assert browse(vera).get(url(item, "found"), headers=AJAX).status_code == 200
    assert browse(vera).get("/review/user/1/").status_code == 404
