"""The reports: what happened, what lies behind each number, what of the guidance needs care."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone as clock
from django.views.decorators.http import require_GET

from knowledge_base.asked import reports
from knowledge_base.asked.csv_file import csv_of
from knowledge_base.asked.reports import OUTCOMES, Span
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.reports import names, tables
from knowledge_base.console.reports.charts import COLOURS, stacked
from knowledge_base.console.reports.forms import OUTCOME_NAMES, ReportForm
from knowledge_base.console.unanswered.pages import READ as READ_QUESTIONS
from knowledge_base.console.unanswered.pages import staff_page, when

READ = "reports.read_reports"
PER_PAGE = 50


def _query(request: HttpRequest, **more: str) -> str:
    """The page's own choices as a query, with some of them replaced; an empty value takes one away."""
    query = request.GET.copy()
    query.pop("p", None)
    for name, value in more.items():
        query[name] = value
        if not value:
            query.pop(name, None)
    return query.urlencode()


def _behind(request: HttpRequest) -> Callable[..., str]:
    """Where the questions behind a number are: `behind(outcome="failed", reason="timeout")`, beside the page's own choices."""

    def address(**choices: str) -> str:
        return f"{reverse('reports:questions')}?{_query(request, **choices)}"

    return address


@require_GET
@staff_page(READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Outcomes over time and by administration, language, channel and topic; top answers, failures, feedback."""
    form = ReportForm(request.GET)
    span, filters = form.span(), form.filters()
    turns = tables.counted(span, filters)
    over_time = tables.over_time(turns, span)
    may_read = request.user.has_perm(READ_QUESTIONS)

    behind = _behind(request)
    shown = [*(tables.by_dimension(turns, name) for name in tables.DIMENSIONS), tables.top_waiting(span, filters),
             tables.top_answers(turns), tables.feedback(turns), tables.failures(turns)]  # fmt: skip
    chart = (
        stacked(over_time.rows, OUTCOME_NAMES, lambda step, outcome: behind(at=step, outcome=outcome), names.day)
        if turns
        else None
    )
    context = {
        "form": form,
        "figures": tables.figures(turns, span),
        "chart": chart,
        "legend": [(OUTCOME_NAMES[outcome], COLOURS[outcome]) for outcome in OUTCOMES],
        "tables": [(one, one.lines(behind if may_read else None)) for one in (over_time, *shown)],
        "query": _query(request),
        "may_read": may_read,
    }
    return render(request, "reports/overview.html", context)


@require_GET
@staff_page(READ_QUESTIONS)
def questions(request: HttpRequest) -> HttpResponse:
    """The questions behind a number, the latest first; each leads to its conversation."""
    form = ReportForm(request.GET)
    span = form.span()
    turns = tables.counted(span, form.filters())
    at = request.GET.get("at", "")
    at = at if at in span.steps() else ""
    if at:
        turns = [turn for turn in turns if span.step_of(turn.at) == at]
    for choice in ("entry", "reason", "rating"):
        if wanted := request.GET.get(choice):
            turns = [turn for turn in turns if (getattr(turn, choice) or reports.NONE) == wanted]
    page = Paginator(turns[::-1], PER_PAGE).get_page(request.GET.get("p"))
    titles = names.of_entries(turn.entry for turn in page if turn.entry)
    rows = [
        {"turn": turn, "at": when(turn.at), "outcome": OUTCOME_NAMES.get(turn.outcome, turn.outcome), "why": names.REASONS.get(turn.reason, ""),
         "title": titles.get(turn.entry, turn.entry)}
        for turn in page
    ]  # fmt: skip
    context = {
        "form": form,
        "rows": rows,
        "page": page,
        "query": _query(request),
        "at": names.day(at) if at else "",
        "back": _query(request, at="", entry="", reason="", rating=""),
        "narrowed": any(request.GET.get(name) for name in ("at", "entry", "reason", "rating")),
    }
    return render(request, "reports/questions.html", context)


@require_GET
@staff_page(READ)
def curation(request: HttpRequest) -> HttpResponse:
    """Answers due for review and stale translations."""
    wanted = request.GET.get("administration") or None
    shown = [tables.review_due(wanted), tables.stale_translations(wanted)]
    form = ReportForm(request.GET)
    edit = Entry.snippet_viewset.get_url_name("edit")
    context = {
        "tables": [(one, one.lines()) for one in shown],
        "query": _query(request),
        "administration": form["administration"],
        "edit": edit,
    }
    return render(request, "reports/curation.html", context)


@require_GET
@staff_page(READ)
def download(request: HttpRequest, name: str) -> HttpResponse:
    """One report as a CSV file."""
    form = ReportForm(request.GET)
    span, filters = form.span(), form.filters()
    table = _table(name, span, filters, request)
    record(request.user, "report.export", report=name, rows=len(table.rows))
    text = csv_of(table.texts(), list(table.columns), table.columns)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{clock.now():%Y-%m-%d}.csv"'
    return response


def _table(name: str, span: Span, filters: Any, request: HttpRequest) -> tables.Table:
    """The report `name`. Raises `Http404` for another."""
    if name == "review":
        return tables.review_due(filters.administration)
    if name == "translations":
        return tables.stale_translations(filters.administration)
    if name in {"waiting", "questions"} and not request.user.has_perm(READ_QUESTIONS):
        raise Http404
    if name == "waiting":
        return tables.top_waiting(span, filters)
    turns = tables.counted(span, filters)
    if name == "outcomes":
        return tables.over_time(turns, span)
    if name in tables.DIMENSIONS:
        return tables.by_dimension(turns, name)
    if name == "questions":
        return tables.questions(turns)
    made = {"top": tables.top_answers, "failures": tables.failures, "feedback": tables.feedback}.get(name)
    if made is None:
        raise Http404(f"There is no report {name}.")
    return made(turns)
