"""The kinds of act that go on record, in the words of whoever reads the audit log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTS = {
    "draft": _("kept a draft"),
    "approval.submit": _("asked for approval"),
    "approval.approve": _("approved"),
    "approval.return": _("returned with a comment"),
    "publish_alone": _("published without a second person"),
    "take_off_alone": _("took off without a second person"),
    "unschedule_alone": _("called off a scheduled publication without a second person"),
    "pack.import": _("took over guidance from files"),
    "figure.change": _("changed a figure on the page for figures"),
    "table.take": _("took a table away"),
    "table.bring": _("brought a table in"),
    "table.apply": _("made drafts of a table"),
    "document.bring": _("brought a document in"),
    "document.draft": _("made a draft of a passage of a document"),
    "shipped.compare": _("compared with the shipped guidance"),
    "shipped.take": _("took over shipped guidance"),
    "publishing.again": _("had everything built again"),
    "publishing.roll_back": _("went back to an earlier release"),
    "publishing.go_on": _("let publishing go on"),
    "publishing.switch_off": _("switched something off"),
    "publishing.switch_on": _("switched something on again"),
    "publishing.notice_up": _("put up an urgent notice"),
    "publishing.notice_down": _("took an urgent notice away"),
    "questions.assign": _("gave questions to somebody"),
    "questions.dismiss": _("dismissed questions"),
    "questions.reopen": _("put questions back into the queue"),
    "questions.new_entry": _("made a new answer of questions"),
    "questions.add_wordings": _("added questions to an answer as wordings"),
    "questions.merge": _("merged groups of questions"),
    "questions.take_out": _("took a question out of its group"),
    "questions.replay": _("asked earlier questions again"),
    "conversation.read": _("read a conversation"),
    "report.export": _("took a report away"),
    "account.sign_in": _("signed in"),
    "account.sign_out": _("signed out"),
    "account.locked_out": _("was locked out after wrong passwords"),
    "account.add": _("made an account on the command line"),
    "account.rights": _("set an account’s roles and rights"),
    "account.confirm": _("confirmed whose account it is"),
    "account.password": _("chose a password of their own"),
    "account.one_time_password": _("gave a one-time password"),
    "account.second_factor_on": _("switched a second factor on"),
    "account.second_factor_off": _("switched a second factor off"),
}  # fmt: skip


def act_words(action: str) -> str:
    """An act in words; one that only earlier versions of the console knew as it was written."""
    return str(ACTS.get(action, action))


def act_choices() -> list[tuple[str, str]]:
    """Every kind of act for a filter, in the order of the reader's words."""
    return sorted(((action, str(words)) for action, words in ACTS.items()), key=lambda choice: choice[1].casefold())
