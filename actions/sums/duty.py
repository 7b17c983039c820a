"""Import duty and tax in conversation: how a message is read, which goods it may mean, what a fact is asked with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions.context import Turn
from actions.reply import say
from actions.sums.calculator import Calculator, Heard, Question
from actions.sums.duty_facts import facts_in_words, question_for
from actions.sums.duty_reading import read_consignment, tells_channel, tells_duty
from actions.sums.duty_result import tell_duty
from actions.sums.exchange import exchange_for
from actions.sums.headings import good_named, possible_goods
from actions.sums.telling import isolated, money, quantity
from actions.sums.words import says_only
from customs.blocks import Block, paragraph
from knowledge_base.index.release import Shelf
from knowledge_base.names import country_name
from knowledge_base.places import Named
from knowledge_base.rules.basket import Money
from knowledge_base.rules.consignment import Consignment, ConsignmentLine
from knowledge_base.rules.duty import estimate_duty
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_result import DutyResult
from knowledge_base.rules.figure_book import FigureBook

_CHOICES = {
    "channel": {"post", "courier", "online", "freight", "traveller"},
    "sender": {"business", "private"},
    "importer": {"person", "business"},
}
_PARCELS = frozenset({"parcels", "ecommerce", "shopping", "lowvalue", "vat", "prohibited", "food", "medicines"})
_YES_NO = {"yes": True, "no": False}


class DutySum(Calculator):
    """What duty and tax are due on goods that come in?"""

    kind = "duty"
    rules = "duties"
    topics = frozenset({"parcels", "ecommerce", "shopping", "lowvalue", "vat", "tariff", "value"})
    intent = "estimate_duty"
    model = Consignment
    skippable = frozenset(
        {
            "good",
            "quantity",
            "weight",
            "strength",
            "origin",
            "channel",
            "sent_from",
            "seller_registered",
            "freight",
            "sender",
            "value",
        }
    )

    def begins(self, turn: Turn, text: str, intent: str | None) -> bool:
        return tells_duty(turn, text, asked_for=intent == self.intent)

    def read(
        self, turn: Turn, text: str, data: Consignment, asked: str | None, named: Named, currency: str | None
    ) -> Heard:
        line, _, name = (asked or "").rpartition(".")
        if line and name == "good":
            named_good = self._good(turn, text, data, line)
            if named_good is not None:
                return Heard(named_good, True)
        if asked and any(one.id == asked for one in data.lines):
            alone = read_consignment(
                turn, text, Consignment(), currency=currency or "USD", expecting=None, named=named
            ).lines
            if not alone:
                return Heard(data, False)
            return Heard(_replaced(data, alone[0].model_copy(update={"id": asked})), True)
        after = read_consignment(turn, text, data, currency=currency or "USD", expecting=asked, named=named)
        if after.lines and after.importer is None:
            after = after.model_copy(
                update={"importer": "person"}
            )  # most who ask here are; it is shown, and a button changes it
        return Heard(after, after != data)

    def _good(self, turn: Turn, text: str, data: Consignment, line: str) -> Consignment | None:
        """The answer to "what is it": yes, no, or another description."""
        before = next((one for one in data.lines if one.id == line), None)
        if before is None:
            return None
        if says_only("yes", text):
            found = possible_goods(turn, before.said)
            return _replaced(data, before.model_copy(update={"good": found[1][0].id})) if found[0] == "sure" else None
        verdict, goods = possible_goods(turn, text)
        if verdict == "unsure" or says_only("no", text, 1):
            return None
        return _replaced(
            data, before.model_copy(update={"said": text.strip(), "good": goods[0].id if verdict == "sure" else None})
        )

    def set_fact(self, data: Consignment, fact: str, value: str) -> Consignment:
        if value == "same":
            return data
        line, _, name = fact.rpartition(".")
        if line:
            before = next((one for one in data.lines if one.id == line), None)
            if before is None or name not in {"good", "strength", "origin"}:
                raise ValueError(f"{fact} is set by no button")
            fields: dict[str, Any] = {name: Decimal(value) if name == "strength" and value.isdigit() else value}
            return _replaced(data, ConsignmentLine.model_validate(before.model_dump() | fields))
        if name in _CHOICES and value in _CHOICES[name]:
            return data.model_copy(update={name: value})
        if name in {"gift", "seller_registered"} and value in _YES_NO:
            return data.model_copy(update={name: _YES_NO[value]})
        if name in {"sent_from", "destination"}:
            return Consignment.model_validate(data.model_dump() | {name: value})
        if name in {"freight", "insurance"} and value == "0" and data.lines and data.lines[0].value:
            return data.model_copy(update={name: Money(amount=Decimal(0), currency=data.lines[0].value.currency)})
        raise ValueError(f"{fact} cannot be {value!r}")

    def lines(self, turn: Turn, data: Consignment, administration: str) -> list[tuple[str, str]]:
        return [(line.id, _line_text(turn, line, administration)) for line in data.lines]

    def without_line(self, data: Consignment, line: str) -> Consignment:
        return data.model_copy(update={"lines": tuple(one for one in data.lines if one.id != line)})

    def check(self, turn: Turn, shelf: Shelf, data: Consignment) -> DutyResult:
        book = FigureBook(shelf.figures, data.day or turn.day)
        rules: DutyRules = shelf.rules[self.rules]  # type: ignore[assignment]
        return estimate_duty(rules, book, exchange_for(shelf, book), data)

    def missing(self, data: Consignment, result: DutyResult) -> tuple[str, ...]:
        return result.needs if data.lines else ("goods",)

    def question(self, turn: Turn, shelf: Shelf, fact: str, data: Consignment, result: DutyResult) -> Question:
        return question_for(turn, shelf, fact, data)

    def tell(self, turn: Turn, shelf: Shelf, data: Consignment, result: DutyResult, certain_only: bool) -> list[Block]:
        if not data.lines:
            return []
        return self._likely(turn, shelf, data) if certain_only else tell_duty(turn, shelf, data, result)

    def _likely(self, turn: Turn, shelf: Shelf, data: Consignment) -> list[Block]:
        """What is due if the goods are what the finder is sure of, where nothing else is missing."""
        for line in data.lines:
            verdict, goods = possible_goods(turn, line.said) if line.good is None else ("sure", [])
            if verdict == "sure" and goods:
                data = _replaced(data, line.model_copy(update={"good": goods[0].id}))
        result = self.check(turn, shelf, data)
        if result.needs:
            return []
        decision, *tables = tell_duty(turn, shelf, data, result)
        text = say(turn.language, "If nothing special applies: {decision}", decision=decision["text"])
        return [paragraph(text), *(block for block in tables if block["type"] in {"table", "source"})]

    def facts(self, turn: Turn, data: Consignment, administration: str) -> list[tuple[str, str]]:
        return facts_in_words(turn, data, administration)

    def entries(self, shelf: Shelf) -> set[str]:
        rules: DutyRules = shelf.rules[self.rules]  # type: ignore[assignment]
        parts = (*rules.reliefs, *rules.notes, *rules.flat_rates, *rules.fees)
        return {entry for part in parts if (entry := getattr(part, "entry", None))}

    def stands_for(self, shelf: Shelf, entry: str, text: str) -> bool:
        # Of what comes by courier, the rules of luggage are no answer, however like they sound.
        return entry in self.entries(shelf) or (tells_channel(text) and shelf.topics.get(entry) not in _PARCELS)

    def elsewhere(self, data: Consignment) -> Consignment:
        return data.model_copy(update={"destination": None, "seller_registered": None})

    def entry(self, shelf: Shelf, result: DutyResult) -> str | None:
        return next((str(found.values["entry"]) for found in result.findings if found.values.get("entry")), None)

    def rests_on(self, shelf: Shelf, result: DutyResult) -> set[str]:
        return {str(found.values["entry"]) for found in result.findings if found.values.get("entry")}


def _replaced(data: Consignment, line: ConsignmentLine) -> Consignment:
    return data.model_copy(update={"lines": tuple(line if one.id == line.id else one for one in data.lines)})


def _line_text(turn: Turn, line: ConsignmentLine, administration: str) -> str:
    good = good_named(line.good)
    name = good.name_in(turn.language) if good else line.said or "?"
    parts = []
    if line.quantity is not None and line.quantity != 1:
        parts.append(
            quantity(turn, line.quantity, line.unit if line.unit in {"L", "g", "kg"} else "each", administration)
        )
    if line.weight is not None:
        parts.append(quantity(turn, line.weight, "kg", administration))
    if line.value is not None:
        parts.append(money(turn, line.value, administration))
    if line.origin:
        parts.append(say(turn.language, "made in {country}", country=country_name(line.origin, turn.language)))
    return name + (": " + ", ".join(isolated(turn, part) for part in parts) if parts else "")
