"""The reports' pages: numbers, the questions behind them, files, and who may see them."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from knowledge_base.console.guidance.models import AuditRow, Translation
from knowledge_base.console.reports.charts import HEIGHT, nice_top, stacked
from knowledge_base.console.reports.forms import OUTCOME_NAMES, ReportForm

OVERVIEW = "/reports/"
NAMES = ("outcomes", "administration", "language", "channel", "topic", "waiting", "top", "feedback", "failures", "review",
         "translations", "questions")  # fmt: skip


@pytest.fixture
def week(store, ask) -> None:
    """Six questions of four people in one week."""
    answered = {"outcome": "answered", "reason": None, "entry": "gb.goods.drone", "group": None}
    ask("drone one", "a", 1, **answered, rating="up")
    ask("drone two", "b", 1, **answered, rating="down", rating_reason="outdated")
    ask("drone three", "b", 2, **answered)
    ask("=cmd|' /C calc'!A0", "c", 2, group="g1", language="ar", administration="ae", channel="telegram")
    ask("nothing works", "d", 3, outcome="failed", reason="timeout", group="g2")
    ask("hello", "d", 3, outcome="smalltalk", reason=None)


def rows(response) -> list[list[str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("role", ["author", "analyst", "auditor", "publisher", "manager"])
def test_staff_see_the_figures(signed_in, guidance, week, role):
    page = " ".join(re.sub("<[^>]*>", " ", signed_in(role).get(OVERVIEW).content.decode()).split())
    assert "Questions 5 People 4 Answered 60 % Thumbs up of all thumbs 1 / 2" in page


def test_others_do_not(signed_in, guidance, week):
    assert signed_in().get(OVERVIEW).status_code == 302


def test_the_manager_sees_figures_but_no_question(signed_in, guidance, week):
    client = signed_in("manager")
    assert "/reports/questions/" not in client.get(OVERVIEW).content.decode()
    assert client.get("/reports/questions/").status_code == 302
    assert client.get("/reports/csv/questions/").status_code == client.get("/reports/csv/waiting/").status_code == 404


def test_every_piece_of_the_chart_leads_to_its_questions(signed_in, guidance, week):
    client = signed_in("analyst")
    page = client.get(OVERVIEW).content.decode()
    links = re.findall(r'<a href="([^"]*)" aria-label="([^"]*)"><rect', page)
    assert len(links) == 4
    for address, label in links:
        outcome, number = label.split(": ")[1].rsplit(" ", 1)
        behind = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r"/unanswered/conversation/t\d+/", behind)) == int(number), label


def test_every_number_of_every_table_leads_to_as_many_questions(signed_in, guidance, week):
    client = signed_in("analyst")
    page = client.get(OVERVIEW).content.decode()
    body = page[page.index("</svg>") :]
    cells = re.findall(r'<td class="number" dir="auto"><a href="([^"]*)">(\d+)<span', body)
    assert len(cells) >= 20
    for address, number in cells:
        behind = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r"/unanswered/conversation/t\d+/", behind)) == int(number), address
    rows = re.findall(r'<th scope="row" dir="auto"><a href="([^"]*)">([^<]*)', body)
    for title in (
        "May I bring a drone to Great Britain?",
        "took too long",
        "Great Britain",
        "Arabic",
        "web chat",
        "Shopping, gifts and own things",
        "none known",
    ):
        assert any(text.strip() == title for _, text in rows), (title, rows)
    assert all(client.get(address.replace("&amp;", "&")).status_code == 200 for address, _ in rows)


def test_a_question_that_waits_leads_to_its_group(signed_in, guidance, week):
    page = signed_in("analyst").get(OVERVIEW).content.decode()
    assert re.search(r'<a href="/unanswered/g2/">nothing works', page)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", ("الإنجليزية", "الدردشة على الويب", "استغرق وقتًا أطول من اللازم")),
        ("fr", ("anglais", "a pris trop de temps", "arabe")),
    ],
)
def test_what_is_counted_is_named_in_the_readers_language(signed_in, guidance, week, language, words):
    from wagtail.users.models import UserProfile

    client = signed_in("analyst")
    UserProfile.objects.update_or_create(user=client.user, defaults={"preferred_language": language})
    page = client.get(OVERVIEW).content.decode()
    for word in words:
        assert f">{word}" in page, word
    assert word in "".join(
        client.get(f"/reports/csv/{name}/").content.decode() for name in ("language", "channel", "failures")
    )


def test_how_long_thumbs_down_and_remarks_take(signed_in, guidance, store, ask):
    from knowledge_base.console.unanswered.models import QuestionGroup

    rated = timezone.now().timestamp() - 10 * 3600
    for number, group in enumerate(("g1", "g2", "g3")):
        ask(f"drone {number}", "a", 2, group, outcome="answered", reason=None, rating="down" if number else None,
            comment="it is old" if not number else None, rated_at=rated)  # fmt: skip
    for group, hours in (("g1", 4), ("g2", 6)):
        settled = timezone.now() - timedelta(hours=10 - hours)
        QuestionGroup.objects.create(key=group, state="answered", settled_at=settled, asked_at=settled)
    page = " ".join(re.sub("<[^>]*>", " ", signed_in("manager").get(OVERVIEW).content.decode()).split())
    assert "thumbs down and remarks are settled 5.0" in page and "Thumbs down and remarks that wait 1" in page


def test_filters_hold_for_all_numbers(signed_in, guidance, week):
    client = signed_in("analyst")
    for query, count in (("?administration=ae", 1), ("?language=ar", 1), ("?channel=telegram", 1), ("?topic=goods", 3), ("?outcome=failed", 1),
                         ("?topic=none", 2), ("?since=2020-01-01&until=2020-01-05", 0), ("?since=rubbish&step=x&topic=zz", 5)):  # fmt: skip
        page = " ".join(re.sub("<[^>]*>", " ", client.get(OVERVIEW + query).content.decode()).split())
        assert f"Questions {count} People" in page, query


@pytest.mark.parametrize("name", NAMES)
def test_each_report_is_a_file_without_formulas_and_its_export_is_kept(signed_in, guidance, week, name):
    client = signed_in("analyst")
    response = client.get(f"/reports/csv/{name}/")
    assert response["Content-Type"].startswith("text/csv") and name in response["Content-Disposition"]
    table = rows(response)
    assert all(len(row) == len(table[0]) for row in table) and len(table[0]) > 2
    assert not any(cell.startswith(("=", "+", "@")) for row in table for cell in row)
    assert AuditRow.objects.get(action="report.export").details["report"] == name


def test_the_questions_file_holds_what_was_asked(signed_in, guidance, week):
    table = rows(signed_in("auditor").get("/reports/csv/questions/?language=ar"))
    assert [row[1] for row in table[1:]] == ["'=cmd|' /C calc'!A0"]


def test_there_is_no_other_report(signed_in, guidance, store):
    assert signed_in("analyst").get("/reports/csv/passwords/").status_code == 404


def test_due_reviews_and_stale_translations(signed_in, guidance, store):
    gb, ae = guidance["gb.goods.drone"], guidance["ae.goods.drone"]
    today = timezone.now().date()
    gb.review_by = today - timedelta(days=3)
    gb.translations = [Translation(language="fr", title="Un drone ?", answer="Oui.", of="00000000", sort_order=0)]
    gb.save()
    ae.review_by = today + timedelta(days=31)
    ae.translations = [Translation(language="ar", title="طائرة؟", answer="نعم.", of=ae.fingerprint, sort_order=0)]
    ae.save()
    client = signed_in("author")
    due, stale = rows(client.get("/reports/csv/review/")), rows(client.get("/reports/csv/translations/"))
    assert [(row[0], row[4]) for row in due[1:]] == [("gb.goods.drone", "3")]
    assert [(row[0], row[2]) for row in stale[1:]] == [("gb.goods.drone", "French")]
    page = client.get("/reports/guidance/").content.decode()
    assert "May I bring a drone to Great Britain?" in page and "to Emirates" not in page
    assert "Nothing in this period" in client.get("/reports/guidance/?administration=ae").content.decode()


def test_nobody_asked_yet(signed_in, guidance, store):
    page = signed_in("analyst").get(OVERVIEW).content.decode()
    assert "Nothing in this period." in page and '<svg class="asked-chart"' not in page


def test_the_period_is_at_most_a_year_and_may_be_given_backwards(db):
    span = ReportForm({"since": "2026-03-10", "until": "2020-01-01"}).span()
    assert (span.until - span.since) / 86400 == 366
    assert date.fromisoformat(span.steps()[-1]) == date(2026, 3, 10)


@pytest.mark.parametrize("most", [0, 4, 5, 9, 41, 99, 1000, 1001])
def test_the_axis_ends_at_a_round_number(most):
    top = nice_top(most)
    assert max(most, 4) <= top <= 2.5 * most + 4 and top % 4 == 0


def test_columns_are_as_high_as_their_numbers():
    step = {"answered": 3, "calculated": 0, "asked_back": 0, "declined": 1, "handed_over": 0, "failed": 0}
    chart = stacked([{"step": "2026-11-01"} | step], OUTCOME_NAMES, lambda step, outcome: f"{step}/{outcome}")
    answered, declined = chart.parts
    assert answered.height == pytest.approx(3 * declined.height, rel=0.01)
    assert declined.y + declined.height == pytest.approx(
        answered.y, abs=0.2
    ) and answered.y + answered.height == pytest.approx(chart.bottom, abs=0.2)
    assert chart.bottom < HEIGHT and answered.url == "2026-11-01/answered"
