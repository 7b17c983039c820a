"""Why a question got its reply, in a curator's words and language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_base.console.guidance.telling import told
from knowledge_base.console.reports.forms import OUTCOME_NAMES
from knowledge_base.index.scope import IN_SCOPE
from knowledge_base.search import ANSWER_AT, ASK_BACK_AT, Found
from knowledge_base.trying.errors import TryError

REASONS = {
    "out_of_scope": gettext_lazy("no customs question"),
    "no_guidance": gettext_lazy("no answer is near enough"),
    "personal_case": gettext_lazy("a person's own case"),
    "other_administration": gettext_lazy("a country that is not covered"),
    "unlawful": gettext_lazy("how to get round the law"),
    "abuse": gettext_lazy("an insult or a misuse"),
    "which_administration": gettext_lazy("which country is meant"),
    "which_entry": gettext_lazy("which answer is meant"),
    "which_fact": gettext_lazy("a fact for the sum"),
    "emergency": gettext_lazy("somebody in danger"),
    "timeout": gettext_lazy("it took too long"),
    "error": gettext_lazy("something went wrong"),
}


@dataclass(frozen=True)
class Rank:
    """One answer that was compared; numbers as whole percent."""

    id: str
    title: str
    sure: int
    wording: str
    questions: int
    answer: int
    words: int


@dataclass(frozen=True)
class Why:
    """`sentences` say what decided; `ranks` are the nearest answers, best first."""

    sentences: list[str]
    ranks: list[Rank]


def problem_words(error: Exception) -> str:
    """What stands against trying a draft, in the reader's language where it is one of ours."""
    if isinstance(error, TryError):
        return _(error.sentence) % error.values if error.values else _(error.sentence)
    return told(error)


def outcome_words(outcome: str, reason: str | None) -> str:
    """“declined: no answer is near enough”."""
    words = str(OUTCOME_NAMES.get(outcome, outcome))
    return f"{words}: {REASONS.get(reason, reason)}" if reason else words


def verdict_words(kind: str, reason: str | None, titles: list[str]) -> str:
    """What a search decided, with the answers' titles."""
    if kind == "answer":
        return titles[0]
    if kind == "decline":
        return outcome_words("declined", reason)
    return f"{outcome_words('asked_back', reason)}: {' · '.join(titles)}"


def explain(found: Found) -> Why:
    """Why `found` came about."""
    ranks = [
        Rank(
            each.entry.id, each.entry.title, _percent(each.probability), each.phrasing, _percent(each.best_question),
            _percent(each.answer), _percent(each.lexical),
        )
        for each in found.candidates
    ]  # fmt: skip
    scope = _percent(found.scope.get(IN_SCOPE, 0.0))
    told: list[str] = []
    if found.read_as and found.read_as != found.question.text:
        told.append(
            _("Read as “%(text)s”: slips are mended and plain names put beside slang.") % {"text": found.read_as}
        )
    told.append(_("It sounds like a customs question with %(share)s %%.") % {"share": scope})
    if not ranks:
        told.append(_("No answer holds today for this reader, so none was compared."))
        return Why(told, ranks)
    top: dict[str, Any] = {"title": ranks[0].title, "wording": ranks[0].wording, "share": ranks[0].sure}
    told.append(
        _("Nearest is “%(title)s”, by its wording “%(wording)s”; the assistant is %(share)s %% sure that it answers.")
        % top
    )
    bounds = {"show": _percent(ANSWER_AT), "offer": _percent(ASK_BACK_AT)}
    told.append(_("From %(show)s %% on an answer is shown, from %(offer)s %% on it is offered for choice.") % bounds)
    if len(ranks) > 1:
        second = {"title": ranks[1].title, "share": ranks[1].sure}
        told.append(_("Second is “%(title)s” with %(share)s %%.") % second)
    if found.verdict.kind == "answer":
        told.append(_("Should another answer come? Add a wording like this question to that answer's questions."))
    else:
        told.append(_("Should an answer come? Add a wording like this question to its questions."))
    return Why(told, ranks)


def _percent(share: float) -> int:
    return round(max(0.0, float(share)) * 100)
