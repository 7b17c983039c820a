"""Which files of a pack hold the data of the rules, and which model reads each. A file that a pack lacks means: no such sum there."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from pydantic import BaseModel, ConfigDict

# File name without .yml → module:class, a RuleFile.
_MODELS: dict[str, str] = {
    "allowances": "knowledge_base.rules.allowance_data:AllowanceRules",
    "cash": "knowledge_base.rules.cash_data:CashRules",
    "duties": "knowledge_base.rules.duty_data:DutyRules",
}


class RuleFile(BaseModel):
    """A file of a pack that a sum reads. Numbers that law sets are ids of figures; `checks/rules.py` looks them up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def figures(self) -> set[str]:
        """The ids of the figures that the file names."""
        return set()

    def sources(self) -> set[str]:
        """The ids of the sources that the file names itself, beside those of its figures."""
        return set()

    def entries(self) -> set[str]:
        """The ids of the entries that the file names: what explains a rule to people."""
        return set()

    def problems(self) -> list[tuple[str, str, str]]:
        """Faults that only this file can know of, as (item, value, remedy)."""
        return []


def rule_files() -> tuple[str, ...]:
    """The names of the files, without their ending."""
    return tuple(_MODELS)


@cache
def rule_model(name: str) -> type[RuleFile]:
    """The model of the file `name`. Raises KeyError for a name that is none."""
    module, _, model = _MODELS[name].partition(":")
    return getattr(import_module(module), model)
