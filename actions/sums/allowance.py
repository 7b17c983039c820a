"""A traveller's goods in conversation: how a message is read, what a fact is asked with, what the sum is about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, get_args

from pydantic import ValidationError

from actions.context import Turn
from actions.sums.allowance_facts import facts_in_words, question_for, whole
from actions.sums.allowance_result import tell_allowance
from actions.sums.calculator import Calculator, Heard, Question
from actions.sums.duty_reading import tells_channel
from actions.sums.exchange import exchange_for
from actions.sums.goods import line_text
from actions.sums.words import part_of_country, says
from customs.blocks import Block
from knowledge_base.goods.understanding import is_about_my_goods, understand
from knowledge_base.index.release import Shelf
from knowledge_base.model import country_groups
from knowledge_base.places import Named
from knowledge_base.rules.allowance import check_allowance
from knowledge_base.rules.allowance_data import AllowanceRules
from knowledge_base.rules.allowance_result import AllowanceResult
from knowledge_base.rules.allowance_values import possible_values
from knowledge_base.rules.basket import Basket, Good, Traveller
from knowledge_base.rules.figure_book import FigureBook

_REMEMBERED = 256
_OTHER_WAY = {"arriving_from": "to", "arriving_in": "from"}  # the word before a place that is no answer to what was asked
_GOODS_FACTS = frozenset({"kind", "quantity", "strength", "value"})


class AllowanceSum(Calculator):
    """May these goods come in free, and what is due if not?"""

    kind = "allowance"
    rules = "allowances"
    intent = "check_allowance"
    model = Basket
    skippable = frozenset(
        {
            "arriving_from",
            "by",
            "away_hours",
            "staying_hours",
            "days_since_last",
            "strength",
            "value",
            "quantity",
            "kind",
            "adults",
        }
    )

    def begins(self, turn: Turn, text: str, intent: str | None) -> bool:
        # What is ordered or sent has no traveller's allowance.
        sent = tells_channel(text) and not says("luggage", text)
        return not sent and is_about_my_goods(text, turn.language, places=turn.places)

    def read(self, turn: Turn, text: str, data: Basket, asked: str | None, named: Named, currency: str | None) -> Heard:
        line = next((good for good in data.goods if good.id == asked), None)
        if line is not None:
            return self._instead(turn, text, data, line, currency or "USD")
        found = understand(
            text, turn.language, data, currency=currency or "USD", expecting=asked, places=turn.places, today=turn.today
        )
        if not found.changes and asked in _OTHER_WAY:
            # "china" alone is also something to drink tea from.
            named = named if named.places else turn.places.find(f"from {text}")
            part = part_of_country(named.places[0].country) if named.places else None
            country = part or named.origin or named.destination
            # "Can I bring my dog to london?" does not say where from.
            other_way = any(place.role == _OTHER_WAY[asked] for place in named.places)
            if country and country != "EU" and not other_way:
                return Heard(self.set_fact(data, asked, country), True)
        return Heard(found.basket, bool(found.changes), found.unclear)

    def _instead(self, turn: Turn, text: str, data: Basket, line: Good, currency: str) -> Heard:
        """One line said anew; the others stay. A bare number is another amount of the same goods."""
        alone = understand(
            text, turn.language, Basket(), currency=currency, places=turn.places, today=turn.today
        ).basket.goods
        if not alone or alone[0].kind is None:
            found = understand(
                text, turn.language, data, currency=currency, expecting=f"{line.id}.quantity", places=turn.places
            )
            return Heard(found.basket, bool(found.changes), found.unclear)
        goods = tuple(
            alone[0].model_copy(update={"id": line.id}) if good.id == line.id else good for good in data.goods
        )
        return Heard(data.model_copy(update={"goods": goods}), True)

    def set_fact(self, data: Basket, fact: str, value: str) -> Basket:
        if value == "same":
            return data
        line, _, name = fact.rpartition(".")
        try:
            if line:
                goods = tuple(_with(good, name, value) if good.id == line else good for good in data.goods)
                return data.model_copy(update={"goods": goods})
            if name not in Traveller.model_fields:
                raise ValueError(f"{name!r} is no fact of a traveller")
            settled = Traveller.model_validate(data.traveller.model_dump() | {name: _typed(name, value)})
        except (ValidationError, ArithmeticError) as error:
            raise ValueError(f"{fact} cannot be {value!r}") from error
        return data.model_copy(update={"traveller": settled})

    def lines(self, turn: Turn, data: Basket, administration: str) -> list[tuple[str, str]]:
        return [
            (good.id, line_text(turn, good, administration, data.ages.get(good.carried_by or "")))
            for good in data.goods
        ]

    def without_line(self, data: Basket, line: str) -> Basket:
        return data.model_copy(update={"goods": tuple(good for good in data.goods if good.id != line)})

    def check(self, turn: Turn, shelf: Shelf, data: Basket) -> AllowanceResult:
        # A sum that waits is checked with every message, whatever that is about, and trying what its missing facts could be takes long.
        day = data.day or turn.day
        key = (day, data.model_dump_json())
        if (known := shelf.reckoned.get(key)) is None:
            if len(shelf.reckoned) >= _REMEMBERED:
                shelf.reckoned.clear()
            known = shelf.reckoned[key] = self._check(shelf, data, day)
        return known

    def _check(self, shelf: Shelf, data: Basket, day: date) -> AllowanceResult:
        book = FigureBook(shelf.figures, day)
        data = _arriving(shelf, data)
        duties: Any = shelf.rules.get("duties")
        excise = duties.excise if duties else None
        return check_allowance(shelf.rules[self.rules], book, data, exchange_for(shelf, book), excise)  # type: ignore[arg-type]

    def missing(self, data: Basket, result: AllowanceResult) -> tuple[str, ...]:
        return result.needs if data.goods else ("goods",)

    def question(self, turn: Turn, shelf: Shelf, fact: str, data: Basket, result: AllowanceResult) -> Question:
        book = FigureBook(shelf.figures, data.day or turn.day)
        return question_for(turn, shelf, shelf.rules[self.rules], book, fact, data)  # type: ignore[arg-type]

    def tell(self, turn: Turn, shelf: Shelf, data: Basket, result: AllowanceResult, certain_only: bool) -> list[Block]:
        if not data.goods:
            return []
        return tell_allowance(
            turn, shelf, data, result, self._usual(turn, shelf, data, result) if certain_only else None
        )

    def _usual(self, turn: Turn, shelf: Shelf, data: Basket, result: AllowanceResult) -> AllowanceResult:
        """The result with the usual value of each fact that is missing."""
        rules, book = shelf.rules[self.rules], FigureBook(shelf.figures, data.day or turn.day)
        usual = {
            name: whole(name, values[0])
            for name in result.needs
            if name in Traveller.model_fields and (values := possible_values(rules, book, name))  # type: ignore[arg-type]
        }
        traveller = Traveller.model_validate(data.traveller.model_dump() | usual)
        return self.check(turn, shelf, data.model_copy(update={"traveller": traveller}))

    def facts(self, turn: Turn, data: Basket, administration: str) -> list[tuple[str, str]]:
        return facts_in_words(turn, _arriving(turn.release.shelves[administration], data).traveller, administration)

    def entries(self, shelf: Shelf) -> set[str]:
        rules: AllowanceRules = shelf.rules[self.rules]  # type: ignore[assignment]
        named = {part.entry for each in rules.allowances for part in (each, *each.pools)}
        notes = (*rules.notes, *(note for each in rules.allowances for note in each.notes))
        return named | {note.entry for note in notes if note.at == "over"}

    def elsewhere(self, data: Basket) -> Basket:
        """Where somebody lives, how long they stay and what they used before was said of the other country."""
        known = data.traveller.model_dump()
        gone = {name: None for name in ("resident", "away_hours", "staying_hours", "days_since_last", "in_transit")}
        return data.model_copy(update={"traveller": Traveller.model_validate(known | gone)})

    def entry(self, shelf: Shelf, result: AllowanceResult) -> str | None:
        used = [pool for pool in result.pools if pool.goods]
        graver = [pool for pool in used if pool.verdict in {"over", "not_allowed"}]
        return next((pool.entry for pool in [*graver, *used]), None)

    def rests_on(self, shelf: Shelf, result: AllowanceResult) -> set[str]:
        return {pool.entry for pool in result.pools if pool.goods and pool.entry}

    def kept(self, data: Basket) -> Basket:
        """Who travels is the same person, on another journey perhaps."""
        return Basket(traveller=Traveller(age=data.traveller.age, resident=data.traveller.resident))


def _arriving(shelf: Shelf, data: Basket) -> Basket:
    """`data` with the one country of the administration as the place of arrival, where nobody named another; it is shown.

    Who comes "from" where they arrive has said where they stand ("at heathrow, from turkey"): where they come from is not known then,
    as no rule for journeys inside one country may free what comes from abroad.
    """
    covers, traveller = shelf.administration.covers, data.traveller
    named, start = traveller.arriving_in, traveller.arriving_from
    # What was said of another administration's country before is no arrival here.
    if named is not None and named.split("-")[0] not in covers:
        named = None
    arriving = named or (covers[0] if len(covers) == 1 else None)
    if start is not None and arriving is not None and _is_there(shelf, start, arriving):
        start = None
    return data.model_copy(
        update={"traveller": traveller.model_copy(update={"arriving_in": arriving, "arriving_from": start})}
    )


def _is_there(shelf: Shelf, start: str, arriving: str) -> bool:
    """Is `start` the place of arrival itself? A part with rules for who comes from its own country is another place: GB to GB-NIR."""
    if start == arriving:
        return True
    rules: AllowanceRules = shelf.rules[AllowanceSum.rules]  # type: ignore[assignment]
    named = {
        place for fact, test in rules.conditions() if fact == "arriving_from" for place in (*test.among, *test.excluded)
    }
    known = any(start == place or start in country_groups().get(place, ()) for place in named)
    return arriving.startswith(f"{start}-") and not known


def _with(good: Good, name: str, value: str) -> Good:
    if name not in _GOODS_FACTS or name == "value":
        raise ValueError(f"{name!r} is no fact of goods that a button sets")
    fact: Any = value if name == "kind" else Decimal(value)
    return Good.model_validate(good.model_dump() | {name: fact})


def _typed(name: str, value: str) -> Any:
    """A button's value as the field has it."""
    if bool in get_args(Traveller.model_fields[name].annotation):
        return {"yes": True, "no": False}.get(value, value)
    return value
