"""The parts, verdicts and notes of a sum in words: codes of the rules, as a reviewer reads them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from knowledge_base.goods.tree import tree

# Beside the kinds of goods, whose names stand in the product tree.
PARTS = {
    "verdict": _("verdict"), "to_pay": _("to pay"), "limit": _("limit"), "left": _("left"), "threshold": _("threshold"),
    "counted": _("counted"), "duty": _("duty"), "vat": _("VAT"), "excise": _("excise"), "fee": _("fee"), "to_tell": _("note"),
    "additional_duty": _("additional duty"), "customs_value": _("customs value"), "standard": _("standard"),
    "preference": _("preference"), "flat_rate": _("flat rate"), "goods": _("other goods"), "sparkling": _("sparkling wine"),
    "fortified": _("fortified wine"), "alcohol_elsewhere": _("alcohol bought elsewhere"),
    "cigarettes_elsewhere": _("cigarettes bought elsewhere"), "goods_elsewhere": _("goods bought elsewhere"),
}  # fmt: skip
NOTES = {
    "additional_duties_change": _("additional duties change often"),
    "carrier_fee": _("the carrier may charge a fee"),
    "china_duty": _("extra duty on goods from China"),
    "declare_app": _("declare in the app"),
    "declare_everything": _("declare everything"),
    "declare_online": _("declare online"),
    "declare_red_channel": _("go through the red channel"),
    "excess_is_taken": _("what is over is taken away"),
    "export_cigarettes_are_seized": _("cigarettes made for export are seized"),
    "fees_change": _("fees change"),
    "held_until_paid": _("held until it is paid"),
    "joint_declaration": _("one declaration for the family"),
    "made_in_eu_costs_less": _("made in the EU it costs less"),
    "may_ask_for_tariff": _("the tariff may be asked for instead"),
    "not_for_frequent_crossers": _("not for who crosses often"),
    "not_free_by_post": _("not free by post"),
    "nothing_to_declare": _("nothing to declare"),
    "old_rates": _("old rates of exchange"),
    "online_service_has_simplified_rates": _("the online service has simplified rates"),
    "other_agreements": _("other agreements may cost less"),
    "otherwise_seized": _("seized when it is not declared"),
    "otherwise_smuggling": _("smuggling when it is not declared"),
    "own_belongings_do_not_count": _("own belongings do not count"),
    "part_from_elsewhere": _("only a part may be bought elsewhere"),
    "pay_to_officer": _("paid to the officer"),
    "relief": _("relief"),
    "state_law_may_be_stricter": _("a state’s law may be stricter"),
}
OUTCOMES = {
    "within": _("free"), "at_limit": _("exactly at the limit"), "over": _("over"), "not_allowed": _("not allowed"), "unknown": _("not known"),
    "declare": _("must be declared"), "no_need": _("need not be declared"), "nothing_on_route": _("nothing to declare"), "yes": _("said"),
    "national": _("national rules"),
}  # fmt: skip


def about_words(codes: Iterable[str]) -> str:
    """What a line of a sum is about: “beer › limit”. A note without words here is told by its code."""
    return " › ".join(_words(code) for code in dict.fromkeys(codes))


def outcome_words(text: str | None) -> str:
    """What a sum says there: a verdict in words, an amount as it is, a dash where it says nothing."""
    return "–" if text is None else str(OUTCOMES.get(text, text.removesuffix(" each")))


def _words(code: str) -> str:
    if words := PARTS.get(code) or NOTES.get(code):
        return str(words)
    kind = tree().get(code)
    return kind.name_in((get_language() or "en").split("-")[0]) if kind else code.replace("_", " ")
