"""The Rasa side of the sums: the check of each form's answers, and the buttons that change a sum after it was told.

A form asks for one slot, `fact`, which is never filled: what is missing is decided by the sum after every message. Its check reads the
message, asks for the next fact or tells the result, and ends the form by asking for nothing.
"""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.answer import answer
from actions.base import CustomsAction
from actions.choices import ChangeAdministration, ChangeLanguage, ChooseEntry
from actions.context import Turn
from actions.feedback import GiveFeedback
from actions.handover import HandOver
from actions.reply import Reply
from actions.small_talk import Help, Restart, SmallTalk, Start
from actions.sums.begin import intent_of
from actions.sums.talk import go_on, press

# What else may be said while a form runs: intent → the action that answers it.
_OTHERS: dict[str, type[CustomsAction]] = {
    "ask_human": HandOver, "give_feedback": GiveFeedback, "change_language": ChangeLanguage, "help": Help, "start": Start,
    "choose_entry": ChooseEntry, "change_administration": ChangeAdministration, "greet": SmallTalk, "goodbye": SmallTalk,
    "thank": SmallTalk, "restart": Restart,
}  # fmt: skip


def answer_other(turn: Turn, tracker: Tracker) -> Reply:
    """The reply to a message that is not about the sum."""
    action = _OTHERS.get(intent_of(tracker) or "")
    return action().reply(turn, tracker) if action else answer(turn)


class _CheckForm(CustomsAction):
    """The check of a form: one message, one reply."""

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        return go_on(turn, tracker, answer_other)


class ValidateCashForm(_CheckForm):
    """Checks what is said while cash is asked about."""

    action_name = "validate_cash_form"


class ValidateAllowanceForm(_CheckForm):
    """Checks what is said while a traveller's goods are asked about."""

    action_name = "validate_allowance_form"


class ValidateDutyForm(_CheckForm):
    """Checks what is said while duty and tax are asked about."""

    action_name = "validate_duty_form"


class ChangeSum(CustomsAction):
    """Does what a button beside a result says: change a line, take it out, set a fact, go back, begin anew, stop."""

    action_name = "action_change_sum"

    def reply(self, turn: Turn, tracker: Tracker) -> Reply:
        return press(turn, tracker, answer_other)
