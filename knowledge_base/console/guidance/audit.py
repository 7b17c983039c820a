"""Writing down who did what."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Model

from knowledge_base.console.guidance.models import AuditRow


def record(user: Any, action: str, object: Model | None = None, comment: str = "", **details: Any) -> AuditRow:
    """Keep that `user` (None: the console itself) did `action`, one of `acts.ACTS`, to `object`; returns the row.

    Call it inside the transaction of the act itself, so that neither is there without the other. `details` must be JSON.
    """
    known = user if getattr(user, "pk", None) else None
    return AuditRow.objects.create(
        who=known,
        name=(known.get_full_name() or known.get_username()) if known else "",
        action=action,
        kind=object._meta.model_name if object is not None else "",
        key=str(getattr(object, "key", "") or getattr(object, "pk", "") or "") if object is not None else "",
        label=str(object)[:500] if object is not None else "",
        comment=comment,
        details=details,
    )


def last_act() -> int:
    """The number of the newest row. It grows with everything that people do to the guidance: while it stays, so does what was reckoned from it."""
    return AuditRow.objects.aggregate(last=Max("pk"))["last"] or 0
