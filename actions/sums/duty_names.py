"""What duties on top of the ordinary one and agreements that lower it are called, by the ids of duties.yml."""

from __future__ import annotations

from actions.context import Turn
from actions.reply import say
from knowledge_base.names import country_name

_ADDITIONAL = {
    "s301_high": "Duty on goods made in China (Section 301)",
    "s301_low": "Duty on goods made in China (Section 301)",
    "metals_high": "Duty on metal goods (Section 232)",
    "metals_derivative": "Duty on metal goods (Section 232)",
    "s301_labor_low": "Duty of July 2026 by country (Section 301)",
    "s301_labor_high": "Duty of July 2026 by country (Section 301)",
    "s301_labor_low_cap": "Duty of July 2026, up to a total with the ordinary duty (Section 301)",
    "s301_labor_high_cap": "Duty of July 2026, up to a total with the ordinary duty (Section 301)",
    "s301_brazil": "Duty on goods of Brazil (Section 301)",
    "s338_canada": "Duty on listed goods of Canada (Section 338)",
}
_AGREEMENTS = {
    "usmca": "Trade agreement with Canada and Mexico (USMCA)",
    "cafta": "Trade agreement with Central America (CAFTA-DR)",
    "gcc": "Customs union of the Gulf states (GCC)",
}


def additional_name(turn: Turn, duty: str | None) -> str:
    """The name of a duty on top; that it is one, where it has no name of its own."""
    return say(turn.language, _ADDITIONAL[duty]) if duty in _ADDITIONAL else say(turn.language, "Additional duty")


def agreement_name(turn: Turn, preference: str) -> str | None:
    """The name of the agreement behind a preference. An id of two letters is the country or union that it is made with."""
    if preference in _AGREEMENTS:
        return say(turn.language, _AGREEMENTS[preference])
    if len(preference) == 2:
        country = country_name(preference.upper(), turn.language)
        return say(turn.language, "Trade agreement: {country}", country=country)
    return None
