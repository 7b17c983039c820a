"""`customs figure`."""

from __future__ import annotations

import difflib
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from customs.settings import Settings
from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.figures import format_value
from knowledge_base.packs import pack_folders, read_pack

if TYPE_CHECKING:
    from knowledge_base.exchange.figure_uses import AnswerMove
    from knowledge_base.exchange.impact import Impact
    from knowledge_base.exchange.sample_sums import SumMove
    from knowledge_base.model import Figure


@click.command(name="figure")
@click.argument("figure")
@click.option("--value", required=True, help='The new value, as a page writes it: 45, "AED 60,000", "5 %"; or unknown.')
@click.option(
    "--from", "start", help="First day, as 2027-01-31; left out, the value of today was wrong and is put right."
)
@click.option("--until", help="Last day; afterwards the value of before holds again.")
@click.option("--source", help="Id of the page that says so; left out, the figure's own.")
@click.option(
    "--status", type=click.Choice(["verified", "conflicting", "unverified"]), help="What its checking came to."
)
@click.option(
    "--language", help="Language in which the value is written: en reads 60,000 as sixty thousand, de as sixty."
)
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="Folder of packs; default: the one served from."
)
@click.option("--yes", is_flag=True, help="Write it into the pack; without this, nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def command(
    figure: str, value: str, start: str | None, until: str | None, source: str | None, status: str | None,
    language: str | None, into: Path | None, yes: bool, as_json: bool,
) -> None:  # fmt: skip
    """Show every answer, translation, rule and sum that another value of FIGURE moves, before and after; with --yes, change it."""
    from knowledge_base.exchange.figure_edit import FigureEdit
    from knowledge_base.exchange.figure_file import write_figure
    from knowledge_base.exchange.impact import figure_change, named_figure
    from knowledge_base.exchange.typed_values import read_value

    settings = Settings()
    today = date.today()
    administration = figure.split(".", 1)[0]
    if into is None and administration not in settings.administrations:
        raise ChangeRefused(
            f"There is no figure {figure!r}: {administration!r} is none of {', '.join(settings.administrations)}."
        )
    (folder,) = pack_folders(into or settings.content_dir, [administration])
    packs = {administration: read_pack(folder)}
    edit = FigureEdit(
        figure, read_value(value, named_figure(packs, figure), language), _day(start, "--from"), _day(until, "--until"), source, status
    )  # fmt: skip
    impact = figure_change(packs, edit, today)
    click.echo(_as_json(impact) if as_json else "\n".join(readable(impact, today)))
    errors = [fault for fault in impact.faults if fault.level == "error"]
    if errors:
        raise ChangeRefused(f"{figure}: the pack would have {len(errors)} errors after that; nothing was changed.")
    if yes:
        write_figure(folder, impact.after)
        click.echo(f"{folder / 'figures.yml'} changed. Run `bin/customs build` to serve it.", err=as_json)
    elif not as_json:
        click.echo("Nothing was changed; --yes writes it.")


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day; write it as 2027-01-31.", param_hint=option) from None


def readable(impact: Impact, today: date) -> list[str]:
    """The change and all that it moves, for people."""
    figure = impact.before
    when = f"from {impact.day} on" if impact.day > today else "at once"
    lines = [f"{figure.id}: {figure.label}", f"  {_value(figure, impact.old)} → {_value(figure, impact.new)}, {when}"]
    lines += [f"  {_period(impact.after, number)}" for number in range(len(impact.after.valid))]
    lines += [f"  source {impact.after.source}, {impact.after.status}"]
    if impact.announced_from:
        lines.append(f"  Answers announce it from {impact.announced_from} on, and it goes live by itself.")
    languages = len({move.language for move in impact.answers})
    lines += [
        "",
        f"Answers: {len(impact.answers)} texts of {len({m.entry for m in impact.answers})} entries in {languages} languages",
    ]
    lines += [line for move in impact.answers for line in _answer(move)]
    lines += ["", f"Rules: {len(impact.rules)} places", *(f"  {use.file}: {use.place}" for use in impact.rules)]
    lines += [
        "",
        f"Typical sums that come out otherwise: {len(impact.sums)}",
        *(line for move in impact.sums for line in _sum(move)),
    ]
    if impact.left_behind:
        lines += ["", "Words that tell the old value by hand and do not follow:"]
        lines += [f"  {each.entry} {each.key}: {each.words}" for each in impact.left_behind]
    return [*lines, *(["", *map(str, impact.faults)] if impact.faults else []), ""]


def _answer(move: AnswerMove) -> list[str]:
    old, new = (
        text.splitlines() if text else ["(no value: the answer cannot be shown)"] for text in (move.before, move.after)
    )
    changed = [line for line in difflib.ndiff(old, new) if line[:2] in ("- ", "+ ")]
    return [f"  {move.entry} [{move.language}] {move.title}", *(f"    {line}" for line in changed)]


def _sum(move: SumMove) -> list[str]:
    head = f"  {move.sum.id}: {move.sum.title}"
    told = [
        f"    {' '.join(line.about).replace('_', ' ')}: {line.before or '–'} → {line.after or '–'}"
        for line in move.lines
    ]
    return [head, *told]


def _value(figure: Figure, value: object) -> str:
    return format_value(value, figure.unit, figure.currency, "en", figure.id.split(".", 1)[0])  # type: ignore[arg-type]


def _period(figure: Figure, number: int) -> str:
    period = figure.valid[number]
    days = [f"from {period.start}" if period.start else "", f"until {period.until}" if period.until else ""]
    return " ".join(filter(None, [*days, _value(figure, period.value)]))


def _as_json(impact: Impact) -> str:
    from pydantic import TypeAdapter

    return json.dumps(TypeAdapter(type(impact)).dump_python(impact, mode="json"), ensure_ascii=False, indent=1)
