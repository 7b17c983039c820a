"""The result of a traveller's sum: what decides, the allowances, what is due, what to declare, what was taken for granted."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from actions.context import Turn
from actions.reply import say
from actions.sums.charges import charges_table
from actions.sums.goods import kind_name, names_of, package_name, person_name
from actions.sums.telling import entry_card, entry_choices, isolated, money, quantity, rate_notices, sources_of
from customs.blocks import Block, notice, paragraph
from knowledge_base.goods.tree import tree, under
from knowledge_base.index.release import Shelf
from knowledge_base.rules.allowance import adult_age
from knowledge_base.rules.allowance_data import AllowanceRules
from knowledge_base.rules.allowance_result import AllowanceResult, Part, PoolResult
from knowledge_base.rules.basket import Basket, Money
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.results import Finding, Row

_VERDICTS = {
    "within": "free",
    "at_limit": "exactly at the limit, still free",
    "unknown": "not certain yet",
    "over": "too much",
    "not_allowed": "not allowed",
}
_CONSEQUENCES = {
    "whole": "Tax is due on all of it, not only on what is too much: {goods}.",
    "excess": "Tax is due on what is above the allowance: {goods}.",
    "items": "Tax is due on each thing that does not fit under the limit, for its whole value: {goods}.",
    "taken": "What is above the allowance can be taken away: {goods}.",
    "spoils": "Above the limit the exemption is lost: {goods}.",
    "guide": "There is no fixed limit, but officers may ask whether it is for yourself: {goods}.",
}
_TOLD = {
    "prohibited": "This may not be brought in: {goods}.",
    "counted_elsewhere": "This has rules of its own and is not in the sum: {goods}.",
    "not_a_known_kind": "I do not know what this is, so it is not in the sum: {goods}.",
    "no_rule_for_kind": "I have no allowance for this, so it is not in the sum: {goods}.",
    "exchange_rate_missing": "I have no exchange rate for the price of this: {goods}.",
    "unit_does_not_fit": "I cannot count this in the unit that the allowance has: {goods}.",
    "another_official_text_is_stricter": "Another official text is stricter here. Declare this to be safe: {goods}.",
    "forbidden_in_emirate": "In some parts of the country this is forbidden: {goods}.",
}
_SHARED = "Each of {people} people may use an own allowance, for what that person carries. Nobody can use another's."
_MAY_BE_YOUNG = ("son", "daughter", "brother", "sister")
_MOST_CARDS = 2
_MOST_MORE = 4


def tell_allowance(
    turn: Turn, shelf: Shelf, basket: Basket, result: AllowanceResult, usual: AllowanceResult | None = None
) -> list[Block]:
    """The blocks of the result, the sentence that decides first.

    While facts are missing, `usual` is the result with their usual values: it is told as what holds if nothing special applies.
    """
    name = shelf.administration.id
    pools = [pool for pool in result.pools if pool.goods]
    table = _table(turn, basket, pools, name)
    told = [notice(_finding(turn, basket, each), "warning") for each in result.findings if each.code in _TOLD]
    if usual is not None:
        decided = (
            [paragraph(_decision(turn, basket, result, name))] if result.verdict in {"over", "not_allowed"} else []
        )
        if not decided and usual.verdict != "unknown":
            text = say(
                turn.language, "If nothing special applies: {decision}", decision=_decision(turn, basket, usual, name)
            )
            decided = [paragraph(text)]
        # What is asked for is the question's matter.
        asked = {need.split(".")[0] for need in result.needs if need.endswith(".kind")}
        told = [
            notice(_finding(turn, basket, each), "warning")
            for each in result.findings
            if each.code in _TOLD and not set(each.goods) <= asked
        ]
        return [*decided, *table, *told, *sources_of(shelf, _figures(pools), ())]
    blocks: list[Block] = [
        paragraph(_decision(turn, basket, result, name)),
        *table,
        *charges_table(turn, basket, result.sums, name),
    ]
    blocks += [paragraph(text) for text in _consequences(turn, basket, pools)] + told
    blocks += [
        notice(say(turn.language, _SHARED, people=each.values["people"]))
        for each in result.findings
        if each.code == "fits_if_each_carries_a_part"
    ]
    entries = [str(each.values["entry"]) for each in result.findings if each.values.get("entry")]
    first = [
        entry
        for each, entry in _with_entry(result.findings)
        if each.code.startswith(("declare", "otherwise", "prohibited"))
    ]
    cards = list(dict.fromkeys(first))[:_MOST_CARDS]
    for entry in cards:
        blocks += entry_card(turn, shelf, entry)
    rows = [row for each in result.sums for row in each.rows]
    blocks += _assumptions(turn, shelf, basket, rows)
    blocks += rate_notices(turn, rows, name)
    more = [pool.entry for pool in pools] + entries
    blocks += entry_choices(
        turn, shelf, list(dict.fromkeys(more))[: _MOST_CARDS + _MOST_MORE], say(turn.language, "Related questions")
    )
    figures = [*_figures(pools), *(figure for row in rows for figure in row.figures)]
    return [*blocks, *sources_of(shelf, figures, result.sources, cards)]


def _with_entry(findings: tuple[Finding, ...]) -> list[tuple[Finding, str]]:
    return [(each, str(each.values["entry"])) for each in findings if each.values.get("entry")]


def _figures(pools: list[PoolResult]) -> list[str]:
    return [
        figure
        for pool in pools
        for figure in (*pool.figures, *(name for part in pool.parts if part.used for name in part.figures))
    ]


def _finding(turn: Turn, basket: Basket, finding: Finding) -> str:
    return say(turn.language, _TOLD[finding.code], goods=names_of(turn, basket, finding.goods))


def _decision(turn: Turn, basket: Basket, result: AllowanceResult, name: str) -> str:
    if result.verdict == "within":
        return say(turn.language, "You are within your allowance: nothing to pay on these goods.")
    if result.verdict == "at_limit":
        return say(turn.language, "You are exactly at the limit, and that is still free.")
    graver = [pool for pool in result.pools if pool.goods and pool.verdict == result.verdict]
    goods = names_of(turn, basket, (good for pool in graver for good in pool.goods))
    if result.verdict == "not_allowed":
        forbidden = [good for each in result.findings if each.code == "prohibited" for good in each.goods]
        return say(
            turn.language, "Not all of this may come in: {goods}.", goods=names_of(turn, basket, forbidden) or goods
        )
    if result.verdict == "unknown":
        return say(
            turn.language, "I cannot say it for certain, because something is not known. If in doubt, declare it."
        )
    excess = "; ".join(text for pool in graver if (text := _excess(turn, basket, pool, name)))
    declare = say(turn.language, "Declare it, you are over your allowance: {goods}.", goods=excess or goods)
    if result.total is not None and result.total.amount:
        due = say(turn.language, "About {amount} is due.", amount=isolated(turn, money(turn, result.total, name)))
        return f"{declare} {due}"
    return declare


def _excess(turn: Turn, basket: Basket, pool: PoolResult, name: str) -> str | None:
    """ "1 litre of spirits too much", where the pool is filled by one sort of goods alone."""
    used = [part for part in pool.parts if part.used]
    if len(used) != 1 or used[0].limit is None or used[0].used is None or used[0].used <= used[0].limit:
        return None
    part = used[0]
    return say(
        turn.language, "{amount} too much ({goods})",
        amount=isolated(turn, _amount(turn, part, part.used - part.limit, name)), goods=_of_part(turn, basket, pool, part) or _kinds(turn, pool, part),
    )  # fmt: skip


def _amount(turn: Turn, part: Part, value: Decimal | None, name: str) -> str:
    if part.unit in {"L", "g", "each"}:
        return quantity(turn, value, part.unit, name)
    return money(turn, Money(amount=value, currency=part.unit) if value is not None else None, name)


def _kinds(turn: Turn, pool: PoolResult, part: Part) -> str:
    if part.unit not in {"L", "g", "each"} or not part.kinds:
        return say(turn.language, "other goods")
    return kind_name(part.kinds[0], turn.language)


def _table(turn: Turn, basket: Basket, pools: list[PoolResult], name: str) -> list[Block]:
    """A row for each allowance that the goods count against: what is free, what is there, what that makes."""
    rows: list[list[str]] = []
    for pool in pools:
        verdict = say(turn.language, _VERDICTS[pool.verdict])
        used = [part for part in pool.parts if part.used is None or part.used]
        carrier = f" ({person_name(pool.carrier, turn.language)})" if pool.carrier else ""
        if not used:
            rows.append([names_of(turn, basket, pool.goods) + carrier, "–", "–", verdict])
        for part in used:
            goods = _of_part(turn, basket, pool, part) or _kinds(turn, pool, part)
            limit = _amount(turn, part, part.limit, name)
            shared = len(used) > 1
            rows.append([goods + carrier, limit, _amount(turn, part, part.used, name), "" if shared else verdict])
        if len(used) > 1:
            share = f"{pool.share * 100:.0f}\N{NO-BREAK SPACE}%" if pool.share is not None else "–"
            rows.append([say(turn.language, "together"), "100\N{NO-BREAK SPACE}%", share, verdict])
    if not rows:
        return []
    columns = [
        say(turn.language, "Goods"),
        say(turn.language, "Free"),
        say(turn.language, "Yours"),
        say(turn.language, "Result"),
    ]
    return [{"type": "table", "columns": columns, "rows": rows}]


def _of_part(turn: Turn, basket: Basket, pool: PoolResult, part: Part) -> str:
    covered = frozenset().union(*(under(kind) for kind in part.kinds)) if part.kinds else frozenset()
    return names_of(turn, basket, (good.id for good in basket.goods if good.id in pool.goods and good.kind in covered))


def _consequences(turn: Turn, basket: Basket, pools: list[PoolResult]) -> list[str]:
    found: dict[str, list[str]] = {}
    for pool in pools:
        if pool.consequence in _CONSEQUENCES and pool.verdict in {"over", "not_allowed"}:
            found.setdefault(pool.consequence, []).extend(pool.charged or pool.taken or pool.goods)
    return [
        say(turn.language, _CONSEQUENCES[code], goods=names_of(turn, basket, goods)) for code, goods in found.items()
    ]


def _of_age(turn: Turn, shelf: Shelf, basket: Basket) -> int:
    rules: AllowanceRules = shelf.rules["allowances"]  # type: ignore[assignment]
    return adult_age(rules, FigureBook(shelf.figures, basket.day or turn.day))


def _assumptions(turn: Turn, shelf: Shelf, basket: Basket, rows: Iterable[Row]) -> list[Block]:
    """What was taken for granted: how much a bottle holds; how strong a drink is, where tax is paid by its alcohol; that a son is of age."""
    taken: dict[str, None] = {}
    by_alcohol = {good for row in rows if row.rate and row.rate.per_unit == "L pure alcohol" for good in row.goods}
    for good in basket.goods:
        for code in good.assumed:
            name, _, amount = code.partition("=")
            number, _, unit = amount.partition(" ")
            word = package_name(name, turn.language)
            if word and unit:
                inner = package_name(unit, turn.language)  # a case of bottles
                held = f"{number} × {inner}" if inner else quantity(turn, Decimal(number), unit, "")
                taken[f"{word} = {held}"] = None
        usual = tree()[good.kind].strength if good.kind in tree() else None
        if good.id in by_alcohol and good.strength is None and usual is not None:
            taken[f"{kind_name(good.kind, turn.language)} = {usual.normalize():f}\N{NO-BREAK SPACE}%"] = None
        if good.carried_by in _MAY_BE_YOUNG and good.carried_by not in basket.ages:
            taken[f"{person_name(good.carried_by, turn.language)} ≥ {_of_age(turn, shelf, basket)}"] = None
    if not taken:
        return []
    return [
        notice(
            say(
                turn.language,
                "I counted {assumed}. Tell me if it is otherwise.",
                assumed=isolated(turn, ", ".join(taken)),
            )
        )
    ]
