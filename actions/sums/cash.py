"""Cash in conversation: what is asked, how an answer is read, how the result is told."""

from __future__ import annotations

from typing import Any

from actions.context import Turn
from actions.reply import say
from actions.sums.calculator import Calculator, Heard, Question
from actions.sums.cash_reading import read_cash, tells_cash, with_other_end
from actions.sums.exchange import exchange_for
from actions.sums.telling import entry_card, entry_choices, isolated, money, rate_notices, sources_of
from customs.blocks import Block, notice, paragraph
from knowledge_base.figures import format_figure
from knowledge_base.index.release import Shelf
from knowledge_base.names import country_name
from knowledge_base.places import Named
from knowledge_base.rules.cash import CashCase, CashResult, check_cash
from knowledge_base.rules.cash_data import CashRules
from knowledge_base.rules.figure_book import FigureBook

_FORMS = {
    "notes": "Cash", "travellers_cheques": "Traveller's cheques", "bearer_papers": "Papers payable to the bearer",
    "named_cheque": "Cheque to a named person", "card": "Bank card", "prepaid_card": "Prepaid card", "transfer": "Money in an account",
    "crypto": "Crypto", "gold_coins": "Gold coins", "gold_bars": "Gold bars", "jewellery": "Jewellery", "stones": "Precious stones",
}  # fmt: skip
_ELSEWHERE = "ZZ"  # some country that is in no group: ISO leaves this code to such uses
_HOLDERS = {"adult": "{money} (with another adult)", "minor": "{money} (with a child)"}
_WHY = {
    "form_does_not_count": "does not count as cash here",
    "form_not_named": "the published lists do not say",
    "no_rate": "no exchange rate is known",
}


class CashSum(Calculator):
    """Must this cash be declared?"""

    kind = "cash"
    rules = "cash"
    topics = frozenset({"cash"})
    intent = "declare_cash"
    skippable = frozenset({"most", "other_end", "persons"})
    model = CashCase

    def begins(self, turn: Turn, text: str, intent: str | None) -> bool:
        return tells_cash(text, turn.language, declared=intent == self.intent)

    def read(
        self, turn: Turn, text: str, data: CashCase, asked: str | None, named: Named, currency: str | None
    ) -> Heard:
        index = _index(asked, data)
        if index is None:
            after = read_cash(text, turn.language, data, currency=currency or "USD", expecting=asked, named=named)
            return Heard(after, after != data)
        # One line is said anew; the others stay.
        alone = read_cash(text, turn.language, CashCase(), currency=currency or data.held[index].money.currency)
        if not alone.held:
            return Heard(data, False)
        held = (*data.held[:index], *alone.held, *data.held[index + 1 :])
        return Heard(data.model_copy(update={"held": held}), True)

    def set_fact(self, data: CashCase, fact: str, value: str) -> CashCase:
        if value == "same":
            return data
        if fact == "other_end" and value in {"inside", "outside"}:
            return with_other_end(data, "EU" if value == "inside" else _ELSEWHERE)
        if fact == "persons" and value.isdigit():
            return data.model_copy(update={"persons": int(value)})
        raise ValueError(f"{fact} cannot be {value!r}")

    def lines(self, turn: Turn, data: CashCase, administration: str) -> list[tuple[str, str]]:
        return [(f"m{at}", _line(turn, held, administration)) for at, held in enumerate(data.held, 1)]

    def without_line(self, data: CashCase, line: str) -> CashCase:
        index = _index(line, data)
        return (
            data if index is None else data.model_copy(update={"held": (*data.held[:index], *data.held[index + 1 :])})
        )

    def check(self, turn: Turn, shelf: Shelf, data: CashCase) -> CashResult:
        book = FigureBook(shelf.figures, turn.day)
        return check_cash(shelf.rules[self.rules], book, data, exchange=exchange_for(shelf, book))  # type: ignore[arg-type]

    def question(self, turn: Turn, shelf: Shelf, fact: str, data: CashCase, result: CashResult) -> Question:
        if fact == "persons":
            choices = tuple((str(n), f'/set_fact{{"fact":"persons","value":"{n}"}}') for n in range(2, 6))
            return Question(say(turn.language, "How many of you travel together?"), choices)
        if fact == "most":
            return Question(say(turn.language, "How much does the one carry who carries the most?"))
        if fact == "other_end":
            return self._other_end(turn, shelf)
        return Question(
            say(
                turn.language,
                "How much money do you carry, and in which currency? For example: 8,000 dollars and 2,000 euros.",
            )
        )

    def _other_end(self, turn: Turn, shelf: Shelf) -> Question:
        home = shelf.administration.id == "eu"
        inside = say(turn.language, "Another EU country") if home else country_name("EU", turn.language)
        choices = (
            (inside, '/set_fact{"fact":"other_end","value":"inside"}'),
            (say(turn.language, "A country outside the EU"), '/set_fact{"fact":"other_end","value":"outside"}'),
        )
        return Question(say(turn.language, "Where do you come from, or where do you go to?"), choices)

    def entries(self, shelf: Shelf) -> set[str]:
        rules: CashRules = shelf.rules[self.rules]  # type: ignore[assignment]
        return {
            rules.main,
            rules.whose,
            rules.forms,
            *rules.also,
            *(route.entry for route in rules.routes if route.entry),
        }

    def elsewhere(self, data: CashCase) -> CashCase:
        return data.model_copy(update={"start": None, "end": None, "most": None})

    def entry(self, shelf: Shelf, result: CashResult) -> str | None:
        route = next((str(finding.values["entry"]) for finding in result.findings if finding.code == "route"), None)
        rules: CashRules = shelf.rules[self.rules]  # type: ignore[assignment]
        return route if route and result.verdict != "no_need" else rules.main

    def tell(self, turn: Turn, shelf: Shelf, data: CashCase, result: CashResult, certain_only: bool) -> list[Block]:
        rules: CashRules = shelf.rules[self.rules]  # type: ignore[assignment]
        name = shelf.administration.id
        if certain_only:
            main = self.entry(shelf, result)
            return [*entry_card(turn, shelf, main), *sources_of(shelf, result.figures, (), [main])] if data.held else []
        blocks: list[Block] = [paragraph(_decision(turn, shelf, result)), *_table(turn, result, name)]
        cards = [rules.how, rules.otherwise] if result.verdict in {"declare", None} else [self.entry(shelf, result)]
        if data.persons or data.each or len({held.by for held in data.held}) > 1:
            cards = [rules.whose, *cards]
        for entry in dict.fromkeys(cards):
            blocks += entry_card(turn, shelf, entry)
        blocks += _notices(turn, shelf, rules, result)
        blocks += entry_choices(
            turn, shelf, [rules.main, rules.how, rules.otherwise, rules.whose], say(turn.language, "Related questions")
        )
        rows = result.sum.rows if result.sum else ()
        used = [*result.figures, *(figure for row in rows for figure in row.figures)]
        return [*blocks, *sources_of(shelf, used, (source for row in rows for source in row.sources), cards)]


def _index(line: str | None, data: CashCase) -> int | None:
    if not line or not line.startswith("m") or not line[1:].isdigit():
        return None
    index = int(line[1:]) - 1
    return index if 0 <= index < len(data.held) else None


def _line(turn: Turn, held: Any, administration: str) -> str:
    amount = isolated(turn, money(turn, held.money, administration))
    if held.form != "notes":
        amount = f"{say(turn.language, _FORMS[held.form])}: {amount}"
    return say(turn.language, _HOLDERS[held.by], money=amount) if held.by in _HOLDERS else amount


def _decision(turn: Turn, shelf: Shelf, result: CashResult) -> str:
    name = shelf.administration.id
    if result.verdict == "nothing_on_route":
        return say(turn.language, "On this journey no cash has to be declared to this customs service.")
    if result.verdict == "national":
        return say(
            turn.language,
            "Between these countries there is no common rule: each has one of its own. Ask the customs of both before you travel.",
        )
    if result.threshold is None or result.counted is None or result.verdict is None:
        return say(
            turn.language, "I cannot say it for certain, because a part is not known. Declare the money to be safe."
        )
    values = {
        "counted": isolated(turn, money(turn, result.counted, name)),
        "limit": isolated(turn, format_figure(shelf.figures[result.figure or ""], turn.day, turn.language)),
    }
    if result.verdict == "declare" and result.counts_equal:
        return say(
            turn.language, "Yes, declare it: you have {counted}, and from {limit} on cash must be declared.", **values
        )
    if result.verdict == "declare":
        return say(
            turn.language, "Yes, declare it: you have {counted}, and above {limit} cash must be declared.", **values
        )
    if result.counts_equal:
        return say(
            turn.language,
            "No declaration is needed: you have {counted}, and cash must be declared from {limit} on.",
            **values,
        )
    return say(
        turn.language,
        "No declaration is needed: you have {counted}, and cash must be declared above {limit}.",
        **values,
    )


def _table(turn: Turn, result: CashResult, administration: str) -> list[Block]:
    """The rows of the sum, where there is more to see than one amount of the own currency."""
    if result.sum is None:
        return []
    rows = result.sum.rows
    plain = len(rows) == 1 and not rows[0].why and rows[0].base == rows[0].amount
    if plain:
        return []
    lines = [
        [
            say(turn.language, _FORMS[row.code or "notes"]),
            money(turn, row.base, administration),
            say(turn.language, _WHY[row.why]) if row.why else money(turn, row.amount, administration),
        ]
        for row in rows
    ]
    if result.counted is not None:
        lines.append([say(turn.language, "Counted"), "", money(turn, result.counted, administration)])
    columns = [say(turn.language, "Money"), say(turn.language, "Amount"), say(turn.language, "Counts as")]
    return [{"type": "table", "columns": columns, "rows": lines}]


def _notices(turn: Turn, shelf: Shelf, rules: CashRules, result: CashResult) -> list[Block]:
    codes = {finding.code for finding in result.findings}
    found: list[Block] = []
    if "family_adds_up" in codes:
        found.append(
            notice(
                say(
                    turn.language,
                    "The money of a family or group that travels together is added up. I counted only what you told me.",
                )
            )
        )
    if "exactly_at_limit" in codes and not result.counts_equal:
        found.append(
            notice(say(turn.language, "You are exactly at the limit: a little more, and it must be declared."))
        )
    if "conflicting" in codes:
        found.append(
            notice(
                say(
                    turn.language,
                    "Official pages differ on a figure in this answer. We give the safer one; ask before you rely on more.",
                ),
                "warning",
            )
        )
    for finding in result.findings:
        if finding.code == "fineness":
            share = format_figure(shelf.figures[finding.figures[0]], turn.day, turn.language)
            found.append(
                notice(
                    say(
                        turn.language,
                        "Gold counts as cash here only when it has at least {share} gold.",
                        share=isolated(turn, share),
                    )
                )
            )
    if result.home and result.home != "EU" and any(place.startswith(result.home + "-") for place in rules.places):
        place = country_name(result.home, turn.language) if result.home != "GB" else say(turn.language, "Great Britain")
        found.append(notice(say(turn.language, "I took it that your journey begins or ends in {place}.", place=place)))
    return [*found, *rate_notices(turn, result.sum.rows if result.sum else (), shelf.administration.id)]
