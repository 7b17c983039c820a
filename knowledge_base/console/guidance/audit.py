"""Writing down who did what."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from knowledge_base.console.guidance.models import AuditRow


def record(user: Any, action: str, object: Model | None = None, comment: str = "", **details: Any) -> AuditRow:
    """Keep that `user` (None: the console itself) did `action`, one of `acts.ACTS`, to `object`; returns the row.

    Call it inside the transaction of the act itself, so that neither is there without the other. `details` must be JSON.
    """
    known = user if getattr(user, "pk", None) else None
    return AuditRow.objects.create(
        who=known,
        name=(known.get_full_name() or known.get_username())[:200] if known else "",
        action=action,
        kind=object._meta.model_name if object is not None else "",
        key=str(getattr(object, "key", "") or getattr(object, "pk", "") or "") if object is not None else "",
        label=str(object)[:500] if object is not None else "",
        comment=comment,
        details=details,
    )


def acts_so_far() -> int:
    """How many rows there are. It grows with everything that people do to the guidance: while it stays, so does what was reckoned from it.

    Not the newest row's number: PostgreSQL gives numbers before an act is there for others, so a later number may be seen first.
    """
    return AuditRow.objects.count()
