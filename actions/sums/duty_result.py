"""The result of a sum of duty and tax: what is due, each lawful way as rows, conditions, what was taken for granted."""

from __future__ import annotations

from actions.coming import long_date
from actions.context import Turn
from actions.reply import say
from actions.sums.charges import charges_table
from actions.sums.duty_names import agreement_name
from actions.sums.headings import code_of, good_named
from actions.sums.telling import entry_card, entry_choices, isolated, money, rate_notices, sources_of
from customs.blocks import Block, notice, paragraph
from knowledge_base.index.release import Shelf
from knowledge_base.rules.consignment import Consignment
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_result import DutyOption, DutyResult
from knowledge_base.rules.results import Finding

_WAYS = {
    "standard": "The ordinary way",
    "preference": "With a proof of preferential origin",
    "flat_rate": "With the flat rate",
}
_TOLD = {
    "not_an_import": "Nothing is imported here: the goods come from inside the same customs territory.",
    "other_rules_there": "Other rules hold at this destination, and I have no figures for it.",
    "day_too_early": "I have no rates for a day as early as that.",
    "unclassified": "I cannot classify all of these goods, so their duty is not known. Customs gives a binding ruling on request.",
    "not_the_customs_rate": "The exchange rate is not the one that customs uses; the final amount can differ a little.",
    "proof_of_origin": "The lower duty needs a proof of origin from the seller.",
}
_MOST_MORE = 5


def tell_duty(turn: Turn, shelf: Shelf, data: Consignment, result: DutyResult) -> list[Block]:
    """The blocks of the result, the sentence that decides first."""
    name = shelf.administration.id
    rules: DutyRules = shelf.rules["duties"]  # type: ignore[assignment]
    blocks: list[Block] = [paragraph(_decision(turn, result, name))]
    blocks += _headings(turn, rules, data)
    several = len(result.options) > 1
    for option in result.options:
        caption = say(turn.language, _WAYS[option.code]) if several and option.code in _WAYS else None
        blocks += charges_table(turn, data, (option.sum,), name, caption)
        blocks += [notice(_finding(turn, found)) for found in option.conditions if found.code in _TOLD]
    blocks += [notice(_finding(turn, found), "warning") for found in result.findings if found.code in _TOLD]
    entries = [str(found.values["entry"]) for found in _findings(result) if found.values.get("entry")]
    cards = [entry for found in result.findings if found.code == "relief" and (entry := found.values.get("entry"))][:1]
    for entry in cards:
        blocks += entry_card(turn, shelf, str(entry))
    rows = [row for option in result.options for row in option.sum.rows]
    blocks += rate_notices(turn, rows, name)
    blocks += entry_choices(
        turn, shelf, list(dict.fromkeys(entries))[:_MOST_MORE], say(turn.language, "Related questions")
    )
    return [*blocks, *sources_of(shelf, result.figures, result.sources)]


def _findings(result: DutyResult) -> list[Finding]:
    return [*result.findings, *(found for option in result.options for found in option.conditions)]


def _finding(turn: Turn, found: Finding) -> str:
    told = say(turn.language, _TOLD[found.code])
    agreement = agreement_name(turn, str(found.values["preference"])) if "preference" in found.values else None
    return f"{agreement} – {told}" if agreement else told


def _decision(turn: Turn, result: DutyResult, name: str) -> str:
    if not result.options:
        return next((_finding(turn, found) for found in result.findings if found.code in _TOLD), "") or say(
            turn.language, "I cannot work this out: something is not known."
        )
    known = [option for option in result.options if option.total is not None]
    if not known:
        return say(
            turn.language, "I cannot give the whole amount, because a part is not known. What is known stands below."
        )
    best: DutyOption = min(known, key=lambda option: option.total.amount if option.total else 0)
    first = result.options[0]
    if first.total is not None and not first.total.amount:
        return say(turn.language, "Nothing is due: no duty and no tax on this.")
    chosen = first if first.total is not None else best
    text = say(turn.language, "About {amount} is due.", amount=isolated(turn, money(turn, chosen.total, name)))
    if chosen.on_arrival is not None and chosen.total is not None and chosen.on_arrival != chosen.total:
        text = f"{text} {say(turn.language, 'Of that, {amount} when the goods arrive.', amount=isolated(turn, money(turn, chosen.on_arrival, name)))}"
    if (
        best is not chosen
        and best.total is not None
        and chosen.total is not None
        and best.total.amount < chosen.total.amount
    ):
        text = f"{text} {say(turn.language, 'It can be less: {amount}, see below.', amount=isolated(turn, money(turn, best.total, name)))}"
    return text


def _headings(turn: Turn, rules: DutyRules, data: Consignment) -> list[Block]:
    """Which heading each line was counted under, and of which day its rate is."""
    found: list[Block] = []
    for line in data.lines:
        good, rate = good_named(line.good), rules.rate_of(line.good)
        if good is None:
            continue
        code = rate.code if rate else code_of(good)
        if rate is None:
            text = say(
                turn.language,
                "“{said}” counts as {good}, heading {code}.",
                said=line.said,
                good=good.name_in(turn.language),
                code=isolated(turn, code),
            )
        else:
            text = say(
                turn.language, "“{said}” counts as {good}, heading {code}; rate as published on {day}.",
                said=line.said, good=good.name_in(turn.language), code=isolated(turn, code), day=long_date(rate.as_of, turn.language),
            )  # fmt: skip
        found.append(notice(text))
    return found
