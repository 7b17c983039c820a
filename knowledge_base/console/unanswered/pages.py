"""What all pages of the queue share: who may see them, and rows ready to be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access

from customs.asked import AskedTurn
from knowledge_base.asked.groups import Group
from knowledge_base.console.unanswered.forms import CHANNELS, KINDS, LANGUAGES, OUTCOME_NAMES, RATING_REASONS
from knowledge_base.console.unanswered.handling import NoSuchGroup, state_of
from knowledge_base.console.unanswered.models import QuestionGroup

READ = "unanswered.read_questions"
_CHOICE = re.compile(r"#?\s?(\d{1,2})[.)]?")


def staff_page(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page for staff who have `permission`; what is gone is a 404."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_admin_access
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            try:
                return view(request, *args, **kwargs)
            except NoSuchGroup as gone:
                raise Http404(f"There is no group {gone}.") from None

        return page

    return decorate


@dataclass(frozen=True)
class Row:
    """A group with its state, in words."""

    group: Group
    row: QuestionGroup | None
    state: str
    again: bool  # asked again after it was answered

    @property
    def languages(self) -> list[tuple[str, int]]:
        return _counted(self.group.languages, LANGUAGES)

    @property
    def administrations(self) -> list[tuple[str, int]]:
        return [
            (name.upper() if name != "none" else "–", people)
            for name, people in self.group.administrations.most_common()
        ]

    @property
    def kinds(self) -> list[tuple[str, int]]:
        return _counted(self.group.kinds, KINDS)

    @property
    def first(self) -> datetime:
        return when(self.group.first_at)

    @property
    def last(self) -> datetime:
        return when(self.group.last_at)


def row(group: Group, known: dict[str, QuestionGroup]) -> Row:
    """`group` with what is known of its state."""
    found = known.get(group.id or "")
    state = state_of(group, found)
    return Row(group, found, state, again=found is not None and found.is_settled and state == "open")


@dataclass(frozen=True)
class Said:
    """One turn, in words."""

    turn: AskedTurn

    @property
    def at(self) -> datetime:
        return when(self.turn.at)

    @property
    def words(self) -> str:
        """What was said; of a choice that was typed by its number, as messengers without buttons have it, the number in words."""
        number = _CHOICE.fullmatch(self.turn.said) if self.turn.pressed else None
        return _("number %(number)s of the choices above") % {"number": int(number[1])} if number else self.turn.said

    @property
    def kind(self) -> Any:
        return KINDS.get(self.turn.waiting or "", "")

    @property
    def outcome(self) -> Any:
        """What came of it, and why, as far as staff have a word for it."""
        turn = self.turn
        name = OUTCOME_NAMES.get(turn.outcome) or (_("small talk") if turn.outcome == "smalltalk" else turn.outcome)
        why = KINDS.get(turn.reason) if turn.outcome == "declined" else None
        return f"{name}: {why}" if why else name

    @property
    def rating_reason(self) -> Any:
        return RATING_REASONS.get(self.turn.rating_reason or "", "")

    @property
    def channel(self) -> Any:
        return CHANNELS.get(self.turn.channel, self.turn.channel)

    @property
    def language(self) -> str:
        return LANGUAGES.get(self.turn.language or "", self.turn.language or "–")

    @property
    def administration(self) -> str:
        return (self.turn.administration or "–").upper()

    @property
    def direction(self) -> str:
        return "rtl" if self.turn.language in {"ar", "ur"} else "ltr"


def said(turns: Iterable[AskedTurn]) -> list[Said]:
    """The turns, in words."""
    return [Said(turn) for turn in turns]


def when(at: float) -> datetime:
    """Seconds since 1970 as a time with its zone."""
    return datetime.fromtimestamp(at, timezone.utc)


def _counted(counter: Any, names: dict[str, Any]) -> list[tuple[str, int]]:
    return [(str(names.get(name, name)), people) for name, people in counter.most_common()]
