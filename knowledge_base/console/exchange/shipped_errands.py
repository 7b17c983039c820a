"""The two errands with shipped guidance: comparing it with the console's, and laying down what was chosen, submitted for approval."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customs.settings import Settings
from knowledge_base.console.exchange.drafting import fill, hold_still, lay_down, submit
from knowledge_base.console.exchange.models import ShippedLook
from knowledge_base.console.exchange.shipped import REMOVED, Offer, offers, with_what_they_need
from knowledge_base.console.guidance.audit import acts_so_far, record
from knowledge_base.console.guidance.items import KINDS, mark_of, normal
from knowledge_base.console.guidance.models import Entry, Guidance, ShippedItem
from knowledge_base.errors import PackError

# Approved, it is taken off by the timer that carries out what is scheduled.
_GONE_AFTER = timedelta(minutes=1)


def shipped_folder(key: str) -> Path:
    """The folder of the pack that came with this version. Raises `PackError` when there is none."""
    folder = Settings().content_dir / key
    if not (folder / "administration.yml").is_file():
        raise PackError(_("This version ships no guidance for %(administration)s.") % {"administration": key})
    return folder


def look_at_shipped(look: ShippedLook) -> None:
    """Compare. Raises `PackFaults` for a faulty pack."""
    _show(look, offers(look.administration, shipped_folder(look.administration.key), look.user))


def take_shipped(look: ShippedLook) -> None:
    """Lay down what was chosen as drafts of whoever chose it and submit them, all or nothing.

    When one of them is not any more what was shown, nothing is done and everything is shown anew. Raises `PermissionDenied`.
    """
    before, folder = acts_so_far(), shipped_folder(look.administration.key)
    every = offers(look.administration, folder, look.user)
    with transaction.atomic():
        hold_still(look.administration)
        if acts_so_far() != before:  # somebody saved a draft while this was reckoned
            every = offers(look.administration, folder, look.user)
        by_name = {offer.name: offer for offer in every}
        asked = {action: [tuple(each) for each in look.wish.get(action, [])] for action in ("take", "keep")}
        if any(_moved(by_name.get((kind, key)), mark) for names in asked.values() for kind, key, mark in names):
            _show(look, every, moved=True)
            return
        taken = with_what_they_need([by_name[kind, key] for kind, key, _mark in asked["take"]], every)
        kept = [by_name[kind, key] for kind, key, _mark in asked["keep"]]
        drafted = _drafted(look, taken)
        for item in drafted:
            submit(item, look.user)
        _remember(look, [*taken, *kept])
        result = {
            "drafted": [[item._meta.model_name, item.pk] for item in drafted],
            "taken": [" ".join(offer.name) for offer in taken][:500], "kept": [" ".join(offer.name) for offer in kept][:500],
        }  # fmt: skip
        conflicts = sum(bool(offer.conflict) for offer in taken)
        record(
            look.user,
            "shipped.take",
            look.administration,
            taken=result["taken"],
            kept=result["kept"],
            over_ours=conflicts,
        )
        look.move(ShippedLook.Step.DONE, result=result, seen={})


def _moved(offer: Offer | None, mark: str) -> bool:
    return offer is None or offer.mark != mark or bool(offer.blocked)


def _drafted(look: ShippedLook, taken: list[Offer]) -> list[Guidance]:
    drafted: list[Guidance] = []
    again: list[tuple[Entry, dict[str, Any]]] = []
    new = {offer.key for offer in taken if offer.kind == "entry"}
    for offer in taken:
        item = (
            offer.item.latest() if offer.item else KINDS[offer.kind](key=offer.key, administration=look.administration)
        )  # type: ignore[call-arg]
        if offer.how == REMOVED:
            item.expire_at = timezone.now() + _GONE_AFTER
        else:
            if isinstance(item, Entry):
                item.topic = offer.theirs["topic"]
                if new & set(offer.theirs.get("related") or []):
                    again.append((item, offer.theirs))
            fill(item, offer.theirs, look.administration)
        lay_down(item, look.user)
        drafted.append(item)
    for item, data in again:  # entries may name one another: all must be there first
        fill(item, data, look.administration)
        lay_down(item, look.user)
    return drafted


def _remember(look: ShippedLook, settled: list[Offer]) -> None:
    for offer in settled:
        where = {"administration": look.administration, "kind": offer.kind, "key": offer.key}
        if offer.theirs is None:
            ShippedItem.objects.filter(**where).delete()
        else:
            ShippedItem.objects.update_or_create(**where, defaults={"mark": mark_of(offer.theirs)})


# ---------------------------------------------------------------- what the page shows


def _show(look: ShippedLook, every: list[Offer], moved: bool = False) -> None:
    seen = {"moved": moved, "offers": [_as_data(offer) for offer in every]}
    look.move(ShippedLook.Step.SHOWN, seen=seen, wish={})


def _as_data(offer: Offer) -> dict[str, Any]:
    before, after = (flat(side) if side else {} for side in (offer.ours, offer.theirs))
    keys = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
    return {
        "kind": offer.kind, "key": offer.key, "how": offer.how, "title": offer.title, "mark": offer.mark,
        "conflict": offer.conflict, "blocked": offer.blocked, "pk": offer.item.pk if offer.item else None,
        "rows": [[key, before.get(key, ""), after.get(key, "")] for key in keys],
    }  # fmt: skip


def flat(data: dict[str, Any]) -> dict[str, str]:
    """The data of one thing as texts by key: `questions.en` holds the questions in English, one a line."""
    found: dict[str, str] = {}

    def put(key: str, value: Any) -> None:
        if isinstance(value, dict):
            for name, inside in value.items():
                put(f"{key}.{name}" if key else name, inside)
        elif isinstance(value, list):
            found[key] = "\n".join(_line(each) for each in value)
        else:
            found[key] = str(value)

    put("", normal({key: value for key, value in data.items() if key not in ("id", "format")}))
    return found


def _line(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return ", ".join(f"{key}: {_line(inside)}" for key, inside in value.items())
