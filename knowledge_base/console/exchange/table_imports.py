"""Tables into the console: a dry run against the newest drafts, then drafts in the name of whoever brought the table."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge_base.console.accounts.rights import may_work_on, may_write_in
from knowledge_base.console.exchange.drafting import fill, lay_down, submit, why_not_now
from knowledge_base.console.exchange.lengths import too_long
from knowledge_base.console.exchange.models import TableUpload
from knowledge_base.console.exchange.working_pack import working_pack
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Administration, Entry, Figure, Guidance, Source
from knowledge_base.exchange.errors import TableRefused
from knowledge_base.exchange.tables.cells import RowFault
from knowledge_base.exchange.tables.files import read_tables
from knowledge_base.exchange.tables.importing import planned
from knowledge_base.exchange.tables.plan import TableChange, TablePlan

_LANGUAGE_SHEETS = ("questions", "translations")


def plan_of(upload: TableUpload, user: Any, today: date) -> TablePlan:
    """The dry run of a table for `user`: what they may not change, and what waits for approval, is among its faults.

    Raises `TableRefused` for a file that is no table, or whose content is gone because it was applied.
    """
    if upload.data is None:
        raise TableRefused(_("%(name)s was applied already; bring it in again.") % {"name": upload.name})
    sheets, faults = read_tables(bytes(upload.data), upload.name, upload.encoding or None)
    pack, _incomplete = working_pack(upload.administration, drafts=True)
    plan = planned(sheets, pack, today, upload.language or None, [*faults, *too_long(sheets)])
    _refuse_what_is_not_theirs(plan, user, upload.administration)
    return plan


def digest(plan: TablePlan) -> str:
    """A mark of exactly these changes: what is applied is what was shown."""
    told = [[each.sheet, each.row, each.kind, each.item, each.column, each.before, each.after] for each in plan.changes]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def apply(upload: TableUpload, plan: TablePlan, user: Any, *, and_submit: bool) -> list[Guidance]:
    """Lay down a draft of everything that the plan changes; with `and_submit` ask for their approval. Returns the things drafted.

    All or nothing: raises `PermissionDenied` for what may not be changed (any more).
    """
    if not may_work_on(user, upload.administration.key):
        raise PermissionDenied(_("You do not work on this administration."))
    drafted: list[Guidance] = []
    links: list[tuple[Entry, dict[str, Any]]] = []
    added: set[str] = set()
    for kind, items in ((Source, plan.sources), (Figure, plan.figures), (Entry, plan.entries)):
        for key, typed in items.items():
            item, new = _item(kind, key, upload.administration)
            added |= {key} if new else set()
            if isinstance(item, Entry):
                item.topic = plan.topics[key]
            data = _data(typed)
            fill(item, data, upload.administration)
            lay_down(item, user)
            drafted.append(item)
            if isinstance(item, Entry) and any(other in plan.entries for other in data["related"]):
                links.append((item, data))
    links = [(item, data) for item, data in links if added & set(data["related"])]
    for item, data in links:  # entries of one table may name new ones: all must be there first
        fill(item, data, upload.administration)
        lay_down(item, user)
    if and_submit:
        for item in drafted:
            submit(item, user)
    upload.applied_at, upload.data = timezone.now(), None
    upload.result = {"drafted": [[item._meta.model_name, item.pk] for item in drafted], "changes": len(plan.changes)}
    upload.save()
    record(
        user, "table.apply", upload, sha256=upload.sha256, changes=len(plan.changes), left_out=len(plan.faults),
        drafted=[item.key for item in drafted][:500], submitted=and_submit,
    )  # fmt: skip
    return drafted


def _item(kind: type[Guidance], key: str, administration: Administration) -> tuple[Any, bool]:
    row = kind._default_manager.select_for_update().filter(administration=administration, key=key).first()
    if row is None:
        return kind(key=key, administration=administration), True  # type: ignore[call-arg]
    # Reading a revision asks for each of its questions once more.
    return (row.latest() if row.has_unpublished_changes or not row.live else row), False


def _data(typed: Any) -> dict[str, Any]:
    """The model's data with values as text, as the console keeps them."""
    data = typed.model_dump(by_alias=True)
    for item in (*data.get("valid", ()), *data.get("conflict", ())):
        item["value"] = str(item["value"])
    return data | {"coming_from": data.get("coming_from") or {}, "effective": data.get("effective") or {}}


def _refuse_what_is_not_theirs(plan: TablePlan, user: Any, administration: Administration) -> None:
    """Take every change out that `user` may not make, or not now, and say so in its row."""
    author = user.is_superuser or (user.has_perm("guidance.add_entry") and user.has_perm("guidance.change_figure"))
    refused: set[tuple[str, str]] = set()
    first: dict[tuple[str, str], TableChange] = {}
    for change in plan.changes:
        first.setdefault(_item_of(change), change)
        if reason := _why_not(change, user, author, administration):
            refused.add(_item_of(change))
            plan.faults.append(RowFault(change.sheet, change.row, change.column, change.after or change.before, reason))
    for kind, items in ((Source, plan.sources), (Figure, plan.figures), (Entry, plan.entries)):
        rows = {row.key: row for row in kind._default_manager.filter(administration=administration, key__in=items)}
        for key in list(items):
            name = (kind._meta.model_name, key)
            reason = why_not_now(rows[key], user) if key in rows and name not in refused else ""
            if reason:
                place = first[name]
                plan.faults.append(RowFault(place.sheet, place.row, place.column, key, reason))
                refused.add(name)
            if name in refused:
                del items[key]
                plan.topics.pop(key, None)
    plan.changes = [change for change in plan.changes if _item_of(change) not in refused]


def _item_of(change: TableChange) -> tuple[str, str]:
    """What the change is about: its model's name and its id."""
    return _kind(change), change.item.split(" ")[0]


def _why_not(change: TableChange, user: Any, author: bool, administration: Administration) -> str:
    if change.sheet in _LANGUAGE_SHEETS:
        language = change.item.split(" ")[1]
        return "" if may_write_in(user, language) else _("You do not write in this language.")
    if not author:
        return _("Only authors change this.")
    main = "en" if "en" in administration.languages else administration.languages[0]
    return "" if change.sheet != "entries" or may_write_in(user, main) else _("You do not write in this language.")


def _kind(change: TableChange) -> str:
    return {"sources": "source", "figures": "figure", "values": "figure", "conflicts": "figure"}.get(
        change.sheet, "entry"
    )
