"""What administrations, languages, channels, topics, answers and failures are called in the language of who reads a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from knowledge_base.console.guidance.models import Administration, Entry
from knowledge_base.console.guidance.topics import administration_called, language_name, topics
from knowledge_base.console.unanswered.forms import CHANNELS, LANGUAGES

FAILURES: Mapping[str, Any] = {
    "timeout": _("took too long"),
    "rasa_down": _("the dialogue engine was away"),
    "action_server_down": _("the answering part was away"),
    "no_release": _("nothing was published yet"),
    "error": _("a fault of the program"),
}
REASONS: Mapping[str, Any] = FAILURES | {
    "out_of_scope": _("not customs"),
    "no_guidance": _("no guidance"),
    "personal_case": _("about one person's case"),
    "other_administration": _("another country's customs"),
    "unlawful": _("how to break the law"),
    "abuse": _("abuse"),
    "switched_off": _("switched off"),
    "which_administration": _("which country?"),
    "which_entry": _("which of two answers?"),
    "which_fact": _("more must be known for the sum"),
}
_NOBODY = {"none": _("none known")}


def of(dimension: str) -> dict[str, Any]:
    """The names of the values of a dimension (administration, language, channel or topic), "none" among them."""
    if dimension == "administration":
        return {one.key: administration_called(one) for one in Administration.objects.all()} | _NOBODY
    if dimension == "language":
        return {code: language_name(code) for code in LANGUAGES} | _NOBODY
    return (dict(topics()) if dimension == "topic" else dict(CHANNELS)) | _NOBODY


def of_entries(keys: Iterable[str]) -> dict[str, str]:
    """The titles of the answers `keys`, as far as they are still there."""
    return dict(Entry.objects.filter(key__in=set(keys)).values_list("key", "title"))


def day(step: str, short: bool = False) -> str:
    """A day (ISO) as staff write it: with its year, or short for an axis."""
    return date_format(date.fromisoformat(step), "j M" if short else "j M Y")
