"""The file `allowances.yml` of a pack: what a traveller may bring in free, what is due above it, what may not come at all.

docs/calculators.md explains it to curators. Numbers that law sets are ids of figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge_base.goods.tree import tree, under
from knowledge_base.rules.allowance_when import Fact, Test, When
from knowledge_base.rules.duty_parts import Rounding
from knowledge_base.rules.files import RuleFile
from knowledge_base.said import Said

Over = Literal["whole", "excess", "items", "taken", "spoils", "guide"]
RowKind = Literal["duty", "flat_rate", "excise", "fee", "vat"]
Moment = Literal["always", "present", "within", "over", "guide"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Kinds(_Part):
    """Kinds of the product tree, each with all that stands under it."""

    kinds: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Kinds:
        for kind in self.kinds:
            if kind not in tree():
                raise ValueError(
                    Said("{kind!r} is no kind of goods; expected one of {known}", kind=kind, known=", ".join(tree()))
                )
        return self

    @cached_property
    def covered(self) -> frozenset[str]:
        """All kinds that are meant; empty when none is named."""
        return frozenset().union(*(under(kind) for kind in self.kinds))


class Limit(Kinds):
    """An amount that fills a pool alone: `figure` (several are multiplied: 2 cartons of 24 cans of 355 ml) of these kinds.

    `stronger_than` keeps it for drinks above a strength; weaker ones fall to the next limit of the pool that names their kind.
    """

    figure: tuple[str, ...] = Field(min_length=1)
    stronger_than: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _one(cls, data: Any) -> Any:
        one = isinstance(data, dict) and isinstance(data.get("figure"), str)
        return data | {"figure": [data["figure"]]} if one else data


class Pool(Kinds):
    """Goods that share one allowance.

    Either `limits`: each fills the pool alone, and parts of several add up (`combine: one_only`: only one of them may be used). Or
    `value`: the figure of an amount of money for `kinds` together. `none`: nothing of `kinds` is free. `free`: there is no limit.
    `as_low_as` is the figure down to which the country of arrival may go, when `as_low_when` holds. `over` says what happens above: duty and tax on the
    `whole` pool, on the `excess`, on the `items` that do not fit under the value, the excess `taken` away, the exemption of value
    lost (`spoils`), or nothing but questions (`guide`). Under `min_age` nothing is free, and `under_age` says what happens to it.
    `joint` multiplies the limit by the members of a household who declare together: all `people`, or `adults`.
    `bought` restricts it to goods bought in places (`in`) or outside them (`not`); goods of which nobody said where do not count then.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    entry: str
    when: When = ()
    limits: tuple[Limit, ...] = ()
    value: str | None = None
    none: bool = False
    free: bool = False
    combine: Literal["shares", "one_only"] = "shares"
    as_low_as: str | None = None
    as_low_when: When = ()
    over: Over = "excess"
    min_age: str | None = None
    under_age: Literal["over", "not_allowed"] = "over"
    joint: Literal["people", "adults"] | None = None
    bought: Test | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Pool:
        if bool(self.limits) + bool(self.value) + self.none + self.free != 1:
            raise ValueError(Said("needs exactly one of limits, value, none and free"))
        if bool(self.kinds) == bool(self.limits):
            raise ValueError(Said("names its kinds either itself (value, none, free) or in each of its limits"))
        if self.over == "items" and not self.value:
            raise ValueError(Said("can be over by items only with a value"))
        return self

    @cached_property
    def all_kinds(self) -> frozenset[str]:
        """Every kind that may count here."""
        return frozenset().union(self.covered, *(limit.covered for limit in self.limits))


class Charge(Kinds):
    """What is due on what is charged in `pools` (of `kinds` only, when they are named).

    `percent` of its value, and of what the earlier charges named in `plus` come to; or the figure `amount` for each `per` (a figure or a unit);
    or excise by the `table` of duties.yml, a row for each kind. Only on the `first` part of the base, or on what lies `beyond` it; with `up_to` the rate holds while the whole
    base is at most that. Without a rate, and wherever the rate does not hold, `why` says why the amount is not known. `joint`
    multiplies `first` and `beyond` by the people who declare together. `when` keeps the charge for some travellers, `made` for goods made
    in places (`in`) or outside them (`not`; goods of which nobody said where are outside).
    """

    kind: RowKind
    pools: tuple[str, ...] = Field(min_length=1)
    table: bool = False
    percent: str | None = None
    amount: str | None = None
    per: str | None = None
    plus: tuple[RowKind, ...] = ()
    first: str | None = None
    beyond: str | None = None
    up_to: str | None = None
    joint: Literal["people"] | None = None
    when: When = ()
    made: Test | None = None
    why: str | None = None

    @model_validator(mode="after")
    def _rate_or_reason(self) -> Charge:
        if self.percent and self.amount:
            raise ValueError(Said("has both percent and amount; keep one"))
        if not (self.percent or self.amount or self.table or self.why):
            raise ValueError(Said("needs percent, amount, table, or why the rate is not known"))
        if self.table and (self.percent or self.amount or self.kind != "excise"):
            raise ValueError(
                Said("table is the table of excise in duties.yml: only for excise, and without a rate of its own")
            )
        if bool(self.amount) != bool(self.per):
            raise ValueError(Said("amount and per go together"))
        return self


class Note(Kinds):
    """Something to tell: `code` with the entry that explains it.

    `at`: always; when goods of `kinds` are there (`present`); when all that is in `pools` (of all, when none is named) is `within` the limits;
    when one of them is `over`; when one is over a level that costs nothing (`guide`). `made_in` keeps it for goods of a country. `more_than` gives a figure: only above that quantity of
    the kinds. `counts: false` takes the goods out of every pool: they are handled by what is told here.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    entry: str
    at: Moment = "present"
    when: When = ()
    pools: tuple[str, ...] = ()
    made_in: tuple[str, ...] = ()
    more_than: str | None = None
    counts: bool = True

    @model_validator(mode="after")
    def _present_needs_kinds(self) -> Note:
        if self.at == "present" and not self.kinds:
            raise ValueError(Said("is told when goods are present, but names no kinds"))
        if (self.more_than or self.made_in or not self.counts) and self.at != "present":
            raise ValueError(Said("more_than, made_in and counts need at: present"))
        return self


class OtherReading(_Part):
    """Pools as another official text has them; when they come to a graver verdict, `code` is told. Nothing is charged by them."""

    code: str
    entry: str
    pools: tuple[Pool, ...]


class Allowance(_Part):
    """The rules for one sort of arrival: pools in the order in which goods are counted, charges in the order in which they are added."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    entry: str
    when: When = ()
    pools: tuple[Pool, ...] = Field(min_length=1)
    charges: tuple[Charge, ...] = ()
    notes: tuple[Note, ...] = ()
    other_reading: OtherReading | None = None


class FactRule(_Part):
    """How a fact that nobody said is taken: at `usual`, and whether it is asked where it matters."""

    usual: bool | int | str | None = None
    asked: bool = True


class AllowanceRules(RuleFile):
    """All allowances of an administration; the first whose `when` holds applies. Notes here hold for each of them."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    rounding: Rounding
    facts: dict[Fact, FactRule] = {}
    allowances: tuple[Allowance, ...] = Field(min_length=1)
    notes: tuple[Note, ...] = ()

    def _pools(self) -> Iterator[Pool]:
        for allowance in self.allowances:
            yield from allowance.pools
            yield from allowance.other_reading.pools if allowance.other_reading else ()

    def _notes(self) -> Iterator[Note]:
        yield from self.notes
        for allowance in self.allowances:
            yield from allowance.notes

    def conditions(self) -> Iterator[tuple[Fact, Test]]:
        """Every test of a fact in the file."""
        whens = [allowance.when for allowance in self.allowances]
        whens += [when for pool in self._pools() for when in (pool.when, pool.as_low_when)]
        whens += [note.when for note in self._notes()]
        whens += [charge.when for allowance in self.allowances for charge in allowance.charges]
        for when in whens:
            for tests in when:
                yield from tests.items()

    @cached_property
    def tests(self) -> dict[Fact, tuple[Test, ...]]:
        """The tests of each fact."""
        found: dict[Fact, list[Test]] = {}
        for fact, test in self.conditions():
            found.setdefault(fact, []).append(test)
        return {fact: tuple(tests) for fact, tests in found.items()}

    def ages(self) -> set[str]:
        """The figures of the ages that matter."""
        ages = {pool.min_age for pool in self._pools() if pool.min_age}
        return ages | {
            name for fact, test in self.conditions() if fact == "age" and (name := test.at_least or test.below)
        }

    def entries(self) -> set[str]:
        """The ids of the entries that explain the rules."""
        parts = (*self.allowances, *self._pools(), *self._notes())
        readings = [allowance.other_reading for allowance in self.allowances if allowance.other_reading]
        return {part.entry for part in (*parts, *readings)}

    def figures(self) -> set[str]:
        """The ids of the figures that the file names."""
        found: set[str | None] = set(self.ages())
        for pool in self._pools():
            found |= {pool.value, pool.as_low_as}
            for limit in pool.limits:
                found |= {*limit.figure, limit.stronger_than}
        for charge in (charge for allowance in self.allowances for charge in allowance.charges):
            per = charge.per if charge.per and "." in charge.per else None
            found |= {charge.percent, charge.amount, per, charge.first, charge.beyond, charge.up_to}
        found |= {note.more_than for note in self._notes()}
        found |= {name for _, test in self.conditions() for name in (test.at_least, test.below)}
        return {name for name in found if name}

    def problems(self) -> list[tuple[str, str, str]]:
        """Charges and notes on pools that their allowance has not, and allowances that no traveller can reach."""
        faults = []
        for place, allowance in enumerate(self.allowances):
            there = {pool.id for pool in allowance.pools}
            for part in (*allowance.charges, *allowance.notes):
                for name in set(part.pools) - there:
                    faults.append(
                        (
                            allowance.id,
                            name,
                            Said("This allowance has no such pool; it has {pools}.", pools=", ".join(sorted(there))),
                        )
                    )
            if not allowance.when and place + 1 < len(self.allowances):
                faults.append(
                    (
                        allowance.id,
                        "when",
                        Said("Without a condition nothing below it is ever reached; move it to the end."),
                    )
                )
        if self.allowances[-1].when:
            faults.append(
                (
                    self.allowances[-1].id,
                    "when",
                    Said("The last allowance needs no condition, so that one always applies."),
                )
            )
        return faults
