"""What the pack that came with this version says otherwise than the console, thing by thing, and who changed it: they, we or both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from knowledge_base.console.exchange.drafting import why_not_now
from knowledge_base.console.guidance.items import CHILDREN, KINDS, Data, data_of, items_of, mark_of
from knowledge_base.console.guidance.models import Administration, Entry, Guidance, ShippedItem, Source
from knowledge_base.pack_writing import plain
from knowledge_base.packs import read_pack

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
Name = tuple[str, str]  # kind and id


@dataclass(frozen=True)
class Offer:
    """One thing that the shipped pack would change. `item` None: the console has no such thing; `theirs` None: the pack has it no more.

    `conflict` says what staff did to it since it was taken over; `blocked` why it cannot be taken over now; empty for neither.
    """

    kind: str
    key: str
    how: str
    title: str
    item: Guidance | None
    ours: Data | None
    theirs: Data | None
    conflict: str
    blocked: str

    @property
    def name(self) -> Name:
        return self.kind, self.key

    @property
    def mark(self) -> str:
        """Changes when either side does."""
        sides = [mark_of(side) if side else "" for side in (self.ours, self.theirs)]
        return hashlib.sha256(" ".join([self.how, *sides]).encode()).hexdigest()[:16]


def offers(administration: Administration, folder: Path, user: Any) -> list[Offer]:
    """Everything that the pack in `folder` would change for `user` (None: whoever it may be), in the order of a pack. Raises `PackFaults` for a faulty pack."""
    pack = plain(read_pack(folder), folder)
    theirs = {(kind, key): data for kind, key, data in items_of(pack)}
    before = {(row.kind, row.key): row.mark for row in ShippedItem.objects.filter(administration=administration)}
    rows = {(kind, row.key): row for kind in KINDS for row in _rows(kind, administration)}
    ids = (dict(Source.objects.values_list("pk", "key")), dict(Entry.objects.values_list("pk", "key")))
    found = []
    for name in [*theirs, *(name for name in rows if name not in theirs)]:
        row = rows.get(name)
        newest = row.latest() if row and (row.has_unpublished_changes or not row.live) else row
        ours = data_of(newest, *ids) if newest else None
        shipped = theirs.get(name)
        if ours and shipped and row and row.live and mark_of(ours) == mark_of(shipped):
            continue  # nearly all of them, so nothing else is asked for
        offer = _offer(name, row, ours, shipped, before.get(name) or _first_mark(row, ids), user)
        found += [offer] if offer else []
    order = list(KINDS)
    return sorted(found, key=lambda each: order.index(each.kind))


def _offer(
    name: Name, row: Guidance | None, ours: Data | None, theirs: Data | None, before: str | None, user: Any
) -> Offer | None:
    """None when there is nothing to take over: both say the same, or only staff changed it."""
    kind, key = name
    mine, shipped = (mark_of(side) if side else None for side in (ours, theirs))
    if mine == shipped and (row is None or row.live or row.has_unpublished_changes):
        return None
    conflict = ""
    if row is None:
        how = ADDED
    elif theirs is None:
        if before is None or not row.live:
            return None  # staff's own, or off already
        how = REMOVED
        conflict = _("Changed here since it was taken over.") if mine != before else ""
    else:
        if shipped == before:
            return None
        how = CHANGED
        if before is None:
            conflict = _("Written here under the same id.")
        elif mine != before:
            conflict = _("Changed here since it was taken over.")
        if row.first_published_at and not row.live:
            conflict = _("Taken off here.")
    data = theirs or ours or {}
    title = str(data.get("title") or data.get("label") or (data.get("name") or {}).get("en") or key)
    return Offer(kind, key, how, title, row, ours, theirs, conflict, why_not_now(row, user) if row and user else "")


def _rows(kind: str, administration: Administration) -> Iterable[Guidance]:
    model = KINDS[kind]
    if model is Administration:
        return [administration]
    rows = model._default_manager.filter(administration=administration).select_related("administration")
    return rows.prefetch_related(*CHILDREN[model])


def _first_mark(row: Guidance | None, ids: tuple[dict[int, str], dict[int, str]]) -> str | None:
    """How it was taken over before this was noted: the first revision, if it is the console's own and no person's."""
    first = row.revisions.order_by("created_at", "pk").first() if row else None
    return mark_of(data_of(first.as_object(), *ids)) if first is not None and first.user_id is None else None


def with_what_they_need(chosen: Iterable[Offer], every: Iterable[Offer]) -> list[Offer]:
    """`chosen` and the new sources and figures that they name, in the order of `every`."""
    every = list(every)
    new = {each.name: each for each in every if each.how == ADDED}
    wanted = {each.name for each in chosen}
    while (
        missing := {name for offer in every if offer.name in wanted for name in _named(offer.theirs) if name in new}
        - wanted
    ):
        wanted |= missing
    return [offer for offer in every if offer.name in wanted]


def _named(data: Data | None) -> set[Name]:
    from knowledge_base.answer_text import figures_in

    data = data or {}
    texts = [
        data.get("answer") or "",
        *(each.get("answer") or "" for each in (data.get("translations") or {}).values()),
    ]
    sources = [
        *(data.get("sources") or []),
        data.get("source"),
        *(each.get("source") for each in data.get("conflict") or []),
    ]
    return {("source", key) for key in sources if key} | {("figure", key) for text in texts for key in figures_in(text)}
