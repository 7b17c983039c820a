"""The two errands of a table: the dry run, and taking over exactly what it showed."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date
from typing import Any

from django.db import transaction

from knowledge_base.console.exchange.drafting import hold_still
from knowledge_base.console.exchange.models import TableUpload
from knowledge_base.console.exchange.shown import MOST_CHANGES
from knowledge_base.console.exchange.table_imports import apply, digest, plan_of
from knowledge_base.console.guidance.audit import acts_so_far
from knowledge_base.exchange.tables.plan import TablePlan
from knowledge_base.packs import Fault

MOST_FAULTS, MOST_FOUND = 200, 50


def look_at_table(upload: TableUpload) -> None:
    """The dry run. Raises `TableRefused` for a file that is no table."""
    plan = plan_of(upload, upload.user, date.today())
    _show(upload, plan)


def take_table(upload: TableUpload) -> None:
    """Lay down the drafts, if the table still does what was shown; else show anew what it does now.

    Raises `TableRefused`, and `PermissionDenied` when a right was taken away meanwhile.
    """
    before = acts_so_far()
    plan = plan_of(upload, upload.user, date.today())
    with transaction.atomic():
        hold_still(upload.administration)
        if acts_so_far() != before:  # somebody saved a draft while this was reckoned
            plan = plan_of(upload, upload.user, date.today())
        if digest(plan) != upload.wish.get("digest"):
            _show(upload, plan, moved=True)
            return
        apply(upload, plan, upload.user, and_submit=bool(upload.wish.get("and_submit")))
        upload.move(TableUpload.Step.DONE, seen={})


def _show(upload: TableUpload, plan: TablePlan, moved: bool = False) -> None:
    upload.move(TableUpload.Step.SHOWN, seen=_as_data(plan) | {"moved": moved}, wish={})


def _as_data(plan: TablePlan) -> dict[str, Any]:
    """What the page shows of a plan, as plain data."""
    kinds = {kind: sum(change.kind == kind for change in plan.changes) for kind in ("added", "changed", "removed")}
    return {
        "digest": digest(plan), "rows": plan.rows, "kinds": kinds, "notes": list(plan.notes),
        "items": len(plan.entries) + len(plan.figures) + len(plan.sources),
        "changes": [list(astuple(change)) for change in plan.changes[:MOST_CHANGES]], "more": max(0, len(plan.changes) - MOST_CHANGES),
        "faults": [
            {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "value": fault.value[:200], "remedy": fault.remedy}
            for fault in plan.faults[:MOST_FAULTS]
        ],
        "wrong": len(plan.faults),
        "found": [_found(fault) for fault in plan.found[:MOST_FOUND]],
    }  # fmt: skip


def _found(fault: Fault) -> dict[str, str]:
    return {"item": fault.item, "key": fault.key, "value": fault.value[:200], "remedy": fault.remedy}
