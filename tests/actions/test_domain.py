"""The actions and slots are those that domain.yml declares."""

from __future__ import annotations

import ast

from actions.feedback import REASONS
from actions.server import action_classes
from bot.turn import PAYLOADS
from customs.settings import ROOT
from tests.actions.support import domain, rules


def test_the_action_server_has_the_actions_of_the_domain() -> None:
    assert sorted(kind().name() for kind in action_classes()) == sorted(domain()["actions"])


def test_every_rule_leads_to_an_action_that_there_is() -> None:
    assert set(rules().values()) <= {kind().name() for kind in action_classes()}


def test_every_slot_that_the_code_sets_is_declared() -> None:
    slots = set()
    for path in (ROOT / "actions").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "SlotSet":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno} sets a slot by a variable"
                slots.add(node.args[0].value)
    assert slots
    # Rasa itself declares what a form asks for.
    assert slots <= {*domain()["slots"], "requested_slot"}


def test_the_values_that_payloads_carry_are_declared_as_entities() -> None:
    declared = {name if isinstance(name, str) else next(iter(name)) for name in domain()["entities"]}
    assert {key for keys in PAYLOADS.values() for key in keys} <= declared


def test_the_reasons_that_are_offered_are_those_that_channels_let_pass() -> None:
    pattern = PAYLOADS["give_feedback"]["reason"]
    assert all(pattern.fullmatch(reason) for reason in REASONS)
