"""Another value of a figure: what it would move, and submitting it as one change with its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from knowledge_base.console.exchange.drafting import fill, lay_down, submit, why_not_now
from knowledge_base.console.exchange.models import FigureChange
from knowledge_base.console.exchange.working_pack import working_pack
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Figure
from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.exchange.figure_edit import FigureEdit
from knowledge_base.exchange.impact import Impact, figure_change
from knowledge_base.exchange.typed_values import read_value

_IMPACT = TypeAdapter(Impact)


def impact_of(figure: Figure, said: str, today: date, language: str | None = None, **edit: Any) -> Impact:
    """What the value `said` would move of what is served now; `edit` holds start, until, source and status of a FigureEdit.

    Raises `ExchangeError` with the reason for a value, day or source that does not fit.
    """
    pack, _incomplete = working_pack(figure.administration, drafts=not figure.live, printing=figure.key)
    if figure.key not in pack.figures:
        raise ChangeRefused(_("%(figure)s is not complete: open it and mend it first.") % {"figure": figure.key})
    value = read_value(said, pack.figures[figure.key], language)
    return figure_change({pack.administration.id: pack}, FigureEdit(figure.key, value, **edit), today)


def as_data(impact: Impact) -> dict[str, Any]:
    """The impact as plain data, as pages show it and as it is kept."""
    return _IMPACT.dump_python(impact, mode="json")


@transaction.atomic
def submit_change(figure: Figure, impact: Impact, said: str, note: str, user: Any) -> FigureChange:
    """Lay down the figure's draft with its reason and ask for its approval: one change, approved as one.

    A draft that lies there is replaced; what it said stays in the history. Raises `PermissionDenied` and `ChangeRefused`.
    """
    row = Figure.objects.select_for_update().get(pk=figure.pk)
    if reason := why_not_now(row, user):
        raise ChangeRefused(f"{figure.key}: {reason}")
    data = impact.after.model_dump(by_alias=True)
    for item in (*data["valid"], *data["conflict"]):
        item["value"] = str(item["value"])
    try:
        fill(row, data, row.administration)
    except KeyError as missing:
        told = {"figure": figure.key, "source": missing.args[0]}
        raise ChangeRefused(
            _("%(figure)s: the source %(source)s is not there any more; choose another.") % told
        ) from None
    revision = lay_down(row, user)
    change = FigureChange.objects.create(
        figure=row, revision=revision, user=user, said=said[:300], day=impact.day, note=note, impact=as_data(impact)
    )
    counts = {"answers": len(impact.answers), "rules": len(impact.rules), "sums": len(impact.sums)}
    record(
        user,
        "figure.change",
        row,
        comment=note,
        value=said[:300],
        day=impact.day.isoformat(),
        change=change.pk,
        **counts,
    )
    submit(row, user)
    return change
