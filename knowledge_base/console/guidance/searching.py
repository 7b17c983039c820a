"""What staff look for in lists and windows, in the fields of a kind and in the rows that belong to it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model, Q


def holding(model: type[Model], fields: Iterable[str], words: str) -> Q:
    """True of the rows in which `words` stand in one of `fields`; `questions__text` is the text of any of the questions.

    What belongs to a row is looked through by itself: joined to it, every field would be read again for each question, and each row
    be found once for each, or, with several conditions, for each pair of them.
    """
    found = Q()
    for field in fields:
        has_words = Q(**{f"{field}__icontains": words})
        found |= Q(pk__in=model._default_manager.filter(has_words).values("pk")) if "__" in field else has_words
    return found
