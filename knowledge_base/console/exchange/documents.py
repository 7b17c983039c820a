"""Documents into the console: their passages are kept, and become drafts of entries when somebody chooses them."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from knowledge_base.console.exchange.drafting import lay_down
from knowledge_base.console.exchange.models import DocumentPassage, DocumentUpload
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Administration, Entry, EntrySource, Source
from knowledge_base.exchange.documents.passages import Document, Passage

_REVIEW_DAYS = 180


@transaction.atomic
def keep(
    document: Document, data: bytes, name: str, administration: Administration, source: Source | None, user: Any
) -> DocumentUpload:
    """Keep the passages of a document that was split; the file itself is not kept."""
    upload = DocumentUpload.objects.create(
        administration=administration, source=source, name=name[:255], sha256=hashlib.sha256(data).hexdigest(), user=user,
        kind=document.kind, title=_text(document.title)[:500], notes=list(document.notes),
    )  # fmt: skip
    DocumentPassage.objects.bulk_create(
        DocumentPassage(
            document=upload,
            number=number,
            headings=[_text(each) for each in passage.headings],
            page=passage.page,
            paragraphs=[_text(each) for each in passage.paragraphs],
        )
        for number, passage in enumerate(document.passages, 1)
    )
    record(
        user,
        "document.bring",
        upload,
        sha256=upload.sha256,
        passages=len(document.passages),
        administration=administration.key,
    )
    return upload


def typed(passage: DocumentPassage) -> Passage:
    """The passage with its proposals of a title and a text."""
    return Passage(tuple(passage.headings), passage.page, tuple(passage.paragraphs))


@transaction.atomic
def draft_from(passage: DocumentPassage, title: str, topic: str, user: Any) -> Entry:
    """A draft of an entry with the passage's text, never published by itself. Raises `PermissionDenied` without the right.

    Braces of the text become brackets: in an answer they would name figures.
    """
    administration = passage.document.administration
    text = re.sub(r"\{", "(", re.sub(r"\}", ")", typed(passage).text))
    entry = Entry(
        administration=administration, key=_free_key(administration, topic, title), title=title[:500], topic=topic, audience="both",
        answer=text + "\n", review_by=date.today() + timedelta(days=_REVIEW_DAYS),
    )  # fmt: skip
    if passage.document.source is not None:
        entry.entry_sources = [EntrySource(sort_order=0, source=passage.document.source)]
    lay_down(entry, user)
    passage.entry = entry
    passage.save(update_fields=["entry"])
    record(user, "document.draft", entry, document=passage.document_id, passage=passage.number)
    return entry


def _text(found: str) -> str:
    """What a database takes: a PDF without a table of its letters gives NULs, or halves of a surrogate pair."""
    return found.replace("\0", "").encode("utf-8", "replace").decode()


def _free_key(administration: Administration, topic: str, title: str) -> str:
    words = slugify(title).replace("-", "_")[:60].strip("_") or "draft"
    key, number = f"{administration.key}.{topic}.{words}", 1
    while Entry.objects.filter(key=key).exists():
        number += 1
        key = f"{administration.key}.{topic}.{words}_{number}"
    return key
