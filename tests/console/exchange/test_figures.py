"""Another value of a figure in the console: typed, seen with all that it moves, submitted and approved as one change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from knowledge_base.changes import figure_changes
from knowledge_base.console.exchange.figure_changes import impact_of
from knowledge_base.console.exchange.models import FigureChange
from knowledge_base.console.exchange.working_pack import working_pack
from knowledge_base.console.guidance.importing import import_pack
from knowledge_base.console.guidance.models import Administration, AuditRow, Entry, Figure, Source
from knowledge_base.exchange.errors import ExchangeError
from knowledge_base.packs import read_pack
from tests.knowledge_base.exchange.packs import CONTENT

pytestmark = pytest.mark.django_db
LATER = date.today() + timedelta(days=30)


@pytest.fixture
def wine(meridia: Administration) -> Figure:
    return Figure.objects.get(key="qm.alcohol.wine")


def typed(figure: Figure, **more: Any) -> dict[str, Any]:
    return {
        "value": "5 litres", "numbers": "en", "when": "from", "start": LATER.isoformat(), "until": "", "source": figure.source_id,
        "status": "verified", "note": "The page of the authority says so now.",
    } | more  # fmt: skip


def address(figure: Figure) -> str:
    return reverse("exchange:figure", args=[figure.pk])


def approve(figure: Figure, user: Any) -> None:
    row = Figure.objects.get(pk=figure.pk)
    state = row.current_workflow_task_state
    state.task.specific.on_action(state, user, "approve")


def test_what_it_moves_is_shown_and_nothing_is_changed(wine, person, browse):
    page = browse(person("ann", "author")).post(address(wine), typed(wine))
    text = page.content.decode()
    assert page.status_code == 200
    for part in (
        "<del><bdi>3 litres</bdi></del>",
        "<ins><bdi>5 litres</bdi></ins>",
        "qm.alcohol.allowance",
        f"from {LATER}",
        "announce it",
        'lang="ar"',
    ):
        assert part in text
    assert not FigureChange.objects.exists() and not Figure.objects.get(pk=wine.pk).has_unpublished_changes


def test_it_is_submitted_as_one_change_and_served_once_a_second_person_approves(wine, person, browse):
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    page = browse(ann).post(address(wine), typed(wine, submit="1"))
    change = FigureChange.objects.get()
    assert page.url == reverse("exchange:figure_change", args=[change.pk])
    row = Figure.objects.get(pk=wine.pk)
    assert row.workflow_in_progress and [each.value for each in row.periods.all()] == ["3"], "not served yet"
    audit = AuditRow.objects.get(action="figure.change")
    assert (audit.who, audit.comment, audit.details["answers"]) == (ann, change.note, 2)
    shown = browse(vera).get(page.url).content.decode()
    assert "waits for a second person" in shown and change.note in shown and "<ins>5</ins>" in shown
    approve(wine, vera)
    served = Figure.objects.get(pk=wine.pk)
    assert served.live_revision_id == change.revision_id
    figure = served.typed()
    assert [str(figure.value_on(day)) for day in (date.today(), LATER - timedelta(days=1), LATER)] == ["3", "3", "5"]
    assert figure_changes([figure], date.today())[0].day == LATER, "answers announce it"
    assert "It was approved" in browse(vera).get(page.url).content.decode()


def test_who_submitted_it_does_not_approve_it(wine, person, browse):
    both = person("ann", "author", "reviewer")
    browse(both).post(address(wine), typed(wine, submit="1"))
    with pytest.raises(Exception, match="second person"):
        approve(wine, both)


def test_a_wrong_value_of_today_is_put_right(wine, person, browse):
    browse(person("ann", "author")).post(address(wine), typed(wine, when="correct", start="", value="4", submit="1"))
    approve(wine, person("vera", "reviewer"))
    assert [(each.start, each.value) for each in Figure.objects.get(pk=wine.pk).periods.all()] == [(None, "4")]


def test_a_returned_change_is_sent_again(wine, person, browse):
    ann, vera = person("ann", "author"), person("vera", "reviewer")
    browse(ann).post(address(wine), typed(wine, submit="1"))
    state = Figure.objects.get(pk=wine.pk).current_workflow_task_state
    state.task.specific.on_action(state, vera, "reject", comment="Which page?")
    assert "unpublished draft by ann" in browse(ann).get(address(wine)).content.decode()
    browse(ann).post(address(wine), typed(wine, value="6", submit="1"))
    approve(wine, vera)
    assert [each.value for each in Figure.objects.get(pk=wine.pk).periods.all()] == ["3", "6"]


def test_while_it_waits_nobody_changes_it(wine, person, browse):
    ann = browse(person("ann", "author"))
    ann.post(address(wine), typed(wine, submit="1"))
    page = ann.post(address(wine), typed(wine, value="7", submit="1"))
    assert page.status_code == 200 and "waits for approval" in page.content.decode()
    assert FigureChange.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"value": "5 kg"}, "does not belong"),
        ({"value": "60.000 L", "numbers": ""}, "60.000 or 60000"),
        ({"value": "3"}, "3 already"),
        ({"value": ""}, "required"),
        ({"start": ""}, "from which day"),
        ({"start": "2027-02-30"}, "valid date"),
        ({"until": "2020-01-01"}, "before the first day"),
        ({"source": "0"}, "valid choice"),
        ({"status": "conflicting"}, "lists no other value"),
        ({"note": ""}, "required"),
        ({"status": "certain"}, "valid choice"),
    ],
)
def test_what_does_not_fit_is_said_at_the_form(wine, person, browse, more, told):
    page = browse(person("ann", "author")).post(address(wine), typed(wine, submit="1", **more))
    assert page.status_code == 200 and told in page.content.decode()
    assert not FigureChange.objects.exists()


@pytest.mark.parametrize("role", ["translator", "reviewer", "analyst", "auditor", "publisher"])
def test_only_authors_change(wine, person, browse, role):
    client = browse(person("max", role))
    assert client.post(address(wine), typed(wine, submit="1")).status_code in (302, 403)
    assert not FigureChange.objects.exists()
    assert client.get(reverse("exchange:figures")).status_code == 200


def test_authors_of_another_administration_do_not(wine, person, browse):
    client = browse(person("zoe", "author", administrations=["gb"]))
    client.post(address(wine), typed(wine, submit="1"))
    assert not FigureChange.objects.exists()


def test_nobody_without_an_account(wine, client):
    assert client.get(address(wine)).status_code == 302
    assert client.get(reverse("exchange:figures")).status_code == 302


def test_figures_are_found_by_words(wine, person, browse):
    text = browse(person("ann", "author")).get(reverse("exchange:figures"), {"q": "wine free"}).content.decode()
    assert "qm.alcohol.wine" in text and "qm.cash.over" not in text


def test_an_unpublished_draft_of_the_figure_does_not_colour_the_impact(wine, person):
    """What moves is seen from what is served, not from somebody's draft."""
    draft = wine.latest()
    period = draft.periods.all()[0]
    period.value = "9"
    draft.periods = [period]
    draft.save_revision(user=person("max", "author"))
    impact = impact_of(Figure.objects.get(pk=wine.pk), "5", date.today(), "en", start=LATER)
    assert (impact.old, impact.new) == (3, 5)


def test_the_working_pack_is_the_pack(meridia):
    pack, incomplete = working_pack(meridia, drafts=True)
    shipped = read_pack(CONTENT.parents[1] / "tests" / "fixtures" / "packs" / "qm")
    assert incomplete == []
    for part in ("figures", "sources", "topics", "entries"):
        assert getattr(pack, part) == getattr(shipped, part)


def test_the_entries_that_print_a_figure_are_enough(meridia):
    pack, _incomplete = working_pack(meridia, drafts=False, printing="qm.alcohol.wine")
    assert (
        list(pack.entries) == ["qm.alcohol.allowance"]
        and pack.figures == working_pack(meridia, drafts=False)[0].figures
    )


def test_a_draft_that_is_not_complete_leaves_what_is_served(meridia, person):
    entry = Entry.objects.get(key="qm.alcohol.over").latest()
    entry.entry_sources = []
    entry.save_revision(user=person("ann", "author"))
    pack, incomplete = working_pack(meridia, drafts=True)
    assert incomplete == ["qm.alcohol.over"] and pack.entries["qm.alcohol.over"].sources == ["qm-general"]


def test_sums_of_a_real_administration_move(db):
    import_pack(CONTENT / "gb")
    figure = Figure.objects.get(key="gb.alcohol.beer")
    impact = impact_of(figure, "30 L", date.today(), "en", start=LATER)
    assert [move.sum.id for move in impact.sums] == ["gb_beer_exactly"] and impact.rules and impact.answers
    with pytest.raises(ExchangeError, match="no source 'x'"):
        impact_of(figure, "30 L", date.today(), "en", start=LATER, source="x")
    assert Source.objects.filter(key="hmrc-passenger-texts").exists()
