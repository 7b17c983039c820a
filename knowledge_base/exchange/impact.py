"""What a changed figure moves, before anybody approves it: answers, translations, rules and sums, each before and after.

>>> figure_change(packs, FigureEdit("gb.alcohol.beer", Decimal(45), start=date(2027, 1, 1), source="hmrc-passenger-texts"), today).answers
(AnswerMove(entry='gb.alcohol.allowance', ...), ...)
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from knowledge_base.answer_text import figures_in
from knowledge_base.changes import SOON_DAYS, figure_changes
from knowledge_base.check import faults_of
from knowledge_base.checks.checked import Checked, texts
from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.exchange.figure_edit import FigureEdit, edited
from knowledge_base.exchange.figure_uses import AnswerMove, LeftBehind, RuleUse, answer_moves, left_behind, rule_uses
from knowledge_base.exchange.sample_sums import SumMove, sum_moves
from knowledge_base.model import Figure, Pack
from knowledge_base.packs import Fault
from knowledge_base.said import Said, either


@dataclass(frozen=True)
class Impact:
    """All that `after` in the place of `before` moves on `day`: today, or the first day of the new value.

    `announced_from` is the day from which answers tell that the value will change, None for a change that holds at once or whose values
    are not told. `left_behind` are words that tell the value before by hand; `faults` are what `customs check` finds after and not before.
    """

    before: Figure
    after: Figure
    day: date
    old: Decimal | date | str | None
    new: Decimal | date | str | None
    answers: tuple[AnswerMove, ...]
    rules: tuple[RuleUse, ...]
    sums: tuple[SumMove, ...]
    left_behind: tuple[LeftBehind, ...]
    announced_from: date | None
    faults: tuple[Fault, ...]


def figure_change(packs: Mapping[str, Pack], edit: FigureEdit, today: date) -> Impact:
    """What `edit` would move in `packs` (by administration). Changes nothing; raises `ChangeRefused`."""
    before = named_figure(packs, edit.figure)
    pack = packs[before.id.split(".", 1)[0]]
    after = edited(before, edit, pack.sources, today)
    day = edit.start or today
    if edit.start is not None and edit.start <= today and _on(after, today) != _on(before, today):
        day = today  # a value that holds since a day in the past moves what is read today
    changed = with_figure(pack, after)
    announced = None
    if day > today and any(each.day == day for each in figure_changes([after], day - timedelta(days=1))):
        announced = max(today, day - timedelta(days=SOON_DAYS))
    return Impact(
        before=before, after=after, day=day, old=_on(before, day), new=_on(after, day),
        answers=tuple(answer_moves(pack, before.id, changed.figures, day)),
        rules=tuple(rule_uses(pack, before.id)),
        sums=tuple(sum_moves(pack, changed, day)),
        left_behind=tuple(left_behind(pack, before, _on(before, day))),
        announced_from=announced,
        faults=_new_faults(pack, changed, before.id, today),
    )  # fmt: skip


def named_figure(packs: Mapping[str, Pack], figure_id: str) -> Figure:
    """The figure of that id. Raises `ChangeRefused` naming the nearest ones."""
    pack = packs.get(figure_id.split(".", 1)[0])
    if pack is None or figure_id not in pack.figures:
        raise ChangeRefused(_no_such_figure(packs, figure_id))
    return pack.figures[figure_id]


def with_figure(pack: Pack, figure: Figure) -> Pack:
    """`pack` with `figure` in the place of the one of its id."""
    return pack.model_copy(update={"figures": {**pack.figures, figure.id: figure}})


def _on(figure: Figure, day: date) -> Decimal | date | str | None:
    """The value on `day`, None too where there is none for that day."""
    try:
        return figure.value_on(day)
    except LookupError:
        return None


def _new_faults(before: Pack, after: Pack, figure_id: str, today: date) -> tuple[Fault, ...]:
    """What `customs check` finds after the change and not before. Only entries that print the figure can differ: the others are not looked at."""
    mine = {
        key: entry
        for key, entry in before.entries.items()
        if any(figure_id in figures_in(text) for _, text in texts(entry))
    }
    old, new = (
        faults_of(Checked(pack.model_copy(update={"entries": mine}), Path(before.administration.id), today))
        for pack in (before, after)
    )
    known = set(old)
    return tuple(fault for fault in new if fault not in known)


def _no_such_figure(packs: Mapping[str, Pack], figure_id: str) -> str:
    known = [name for pack in packs.values() for name in pack.figures]
    near = difflib.get_close_matches(figure_id, known, 3)
    there = ", ".join(sorted(packs)) or Said("any pack")
    if near:
        return Said(
            "There is no figure {figure!r} in {packs}. Did you mean {near}?",
            figure=figure_id,
            packs=there,
            near=either(near),
        )
    return Said(
        "There is no figure {figure!r} in {packs}. `customs check --sources` lists all figures.",
        figure=figure_id,
        packs=there,
    )
