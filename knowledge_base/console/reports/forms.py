"""What a report is about."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Any

from django import forms
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from knowledge_base.asked.reports import Filters, Span
from knowledge_base.console.guidance.topics import topics
from knowledge_base.console.unanswered.forms import ANY, CHANNELS, LANGUAGES, OUTCOME_NAMES, administrations

DAYS = 30
MOST_DAYS = 366


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ReportForm(forms.Form):
    """Period and filters; what is wrong or missing counts as the last 30 days of everything."""

    since = _day(_("From"))
    until = _day(_("To"))
    step = forms.ChoiceField(label=_("By"), required=False, choices=[("day", _("day")), ("week", _("week"))])
    administration = forms.ChoiceField(label=_("Administration"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[ANY, *LANGUAGES.items()])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[ANY, *CHANNELS.items()])
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[ANY, *OUTCOME_NAMES.items()])

    def __init__(self, data: Any = None) -> None:
        today = clock.now().date()
        given = {"since": (today - timedelta(days=DAYS - 1)).isoformat(), "until": today.isoformat(), "step": "day"}
        super().__init__(given | {key: value for key, value in (data or {}).items() if value})
        self.fields["administration"].choices = [ANY, *administrations()]
        self.fields["topic"].choices = [ANY, *topics(), ("none", _("none"))]

    def span(self) -> Span:
        """The chosen days, the last one included; at most a year."""
        self.is_valid()
        today = clock.now().date()
        until = self.cleaned_data.get("until") or today
        since = self.cleaned_data.get("since") or until - timedelta(days=DAYS - 1)
        since, until = min(since, until), max(since, until)
        since = max(since, until - timedelta(days=MOST_DAYS - 1))
        return Span(_start(since), _start(until + timedelta(days=1)), self.cleaned_data.get("step") or "day")

    def filters(self) -> Filters:
        """The chosen filters."""
        self.is_valid()
        names = ("administration", "language", "channel", "topic", "outcome")
        return Filters(**{name: self.cleaned_data.get(name) or None for name in names})


def _start(day: Any) -> float:
    return datetime.combine(day, time(), timezone.utc).timestamp()
