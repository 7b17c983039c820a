"""Drafts for answers out of what people asked: a new answer, or more wordings of one that is there. A second person approves both."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from customs.asked import AskedTurn
from knowledge_base.asked.groups import Group
from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.guidance.models import Administration, Entry, Question
from knowledge_base.console.unanswered.handling import drafted, refuse_unless_allowed

MOST_WORDINGS = 30
MOST_CHARS = 300
_PLACEHOLDER = re.compile(r"\[\w+\]")


class DraftError(ValueError):
    """A draft cannot be made so; the message says what to choose instead."""


def wordings(turns: Sequence[AskedTurn]) -> list[tuple[str, str]]:
    """The different wordings of `turns` as (language, text), the latest first; what names a person is left out."""
    seen: dict[str, tuple[str, str]] = {}
    for turn in sorted(turns, key=lambda turn: -turn.at):
        text = " ".join(turn.said.split())
        if text and not _PLACEHOLDER.search(text) and len(text) <= MOST_CHARS and not turn.pressed:
            seen.setdefault(text.casefold(), (turn.language or "en", text))
    return list(seen.values())[:MOST_WORDINGS]


@transaction.atomic
def new_entry(
    group: Group, administration: Administration, topic: str, title: str, chosen: Sequence[tuple[str, str]], user: Any
) -> Entry:
    """A new draft with `title` and the `chosen` wordings (language, text), without an answer yet. Raises `DraftError`, `PermissionDenied`."""
    refuse_unless_allowed(user, group)
    if not user.has_perm("guidance.add_entry") or not may_work_on(user, administration.key):
        raise PermissionDenied(_("You may not write answers for this administration."))
    title, topic = " ".join(title.split()), topic.strip()
    if not title:
        raise DraftError(_("Give the new answer a title: the question as people ask it."))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", topic):
        raise DraftError(_("Choose a topic."))
    entry = Entry(
        key=_free_key(administration.key, topic, title),
        administration=administration,
        topic=topic,
        title=title,
        answer="",
        live=False,
    )
    entry.has_unpublished_changes = True
    entry.questions = [
        Question(language=language, text=text, sort_order=n) for n, (language, text) in enumerate(chosen)
    ]
    entry.save()
    entry.save_revision(user=user, clean=False)  # its answer is written next
    drafted(group, entry.key, user, "questions.new_entry", wordings=len(chosen))
    return entry


@transaction.atomic
def add_wordings(group: Group, entry: Entry, chosen: Sequence[tuple[str, str]], user: Any, submit: bool) -> int:
    """Add the `chosen` wordings to the newest draft of `entry`; with `submit` ask for its approval. Returns how many were new.

    Raises `DraftError` when none is new, `PermissionDenied` while somebody judges the answer or without the right.
    """
    refuse_unless_allowed(user, group)
    if not user.has_perm("guidance.change_entry") or not may_work_on(user, entry.administration_key):
        raise PermissionDenied(_("You may not write answers for this administration."))
    draft = entry.latest()
    known = {" ".join(question.text.split()).casefold() for question in draft.questions.all()}
    fresh = [(language, text) for language, text in chosen if text.casefold() not in known]
    if not fresh:
        raise DraftError(_("This answer has these wordings already."))
    there = list(draft.questions.all())
    draft.questions = [
        *there,
        *(
            Question(language=language, text=text, sort_order=len(there) + n)
            for n, (language, text) in enumerate(fresh)
        ),
    ]
    try:
        draft.save_revision(user=user)
    except ValidationError as error:
        faults = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        raise DraftError(
            _("This answer has faults; mend them in its editor first: {faults}").format(faults=faults)
        ) from None
    drafted(group, entry.key, user, "questions.add_wordings", wordings=len(fresh))
    entry.refresh_from_db()
    if submit and (workflow := entry.get_workflow()):
        workflow.start(entry, user)
    return len(fresh)


def find_entries(text: str, administrations: Sequence[str] = (), most: int = 20) -> list[Entry]:
    """Answers whose title, id and wordings hold most of the words of `text`; of equals those of `administrations` first."""
    words = [word.casefold() for word in re.findall(r"[\w.]+", text)][:12]
    words = [word for word in words if len(word) > 3] or words
    if not words:
        return []
    found: dict[int, Entry] = {}
    score: Counter[int] = Counter()
    for word in words:
        holds = Q(title__icontains=word) | Q(key__icontains=word) | Q(questions__text__icontains=word)
        for entry in Entry.objects.filter(holds).select_related("administration").distinct():
            found[entry.pk] = entry
            score[entry.pk] += 2 if word in entry.title.casefold() else 1
    order = sorted(
        found.values(),
        key=lambda entry: (-score[entry.pk], entry.administration.key not in administrations, entry.title),
    )
    return order[:most]


def _free_key(administration: str, topic: str, title: str) -> str:
    """An id that no answer has: three words of the title, in small Latin letters."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 2][:3] or ["asked"]
    name = re.sub(r"^[0-9]+", "", "_".join(words))[:40].strip("_") or "asked"
    key, number = f"{administration}.{topic}.{name}", 2
    while Entry.objects.filter(key=key).exists():
        key, number = f"{administration}.{topic}.{name}_{number}", number + 1
    return key
