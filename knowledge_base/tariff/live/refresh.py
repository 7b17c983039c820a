"""The rules of an administration with rates that its tariff gave today, where it gave any."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_goods import GoodsRate
from knowledge_base.rules.results import Finding
from knowledge_base.tariff.live.source import LiveRate, LiveTariffError, TariffSource

log = logging.getLogger(__name__)


def refresh(
    rules: DutyRules, goods: Iterable[str], source: TariffSource, day: date
) -> tuple[DutyRules, tuple[Finding, ...]]:
    """`rules` with the live rates of `goods` (ids), and what to tell: `live_rate`, or `shipped_rate` with its age in days.

    The shipped rate of a good stands when the tariff gives none. Goods that the file does not know are left out.
    """
    known = [rate for good in dict.fromkeys(goods) if (rate := rules.rate_of(good))]
    if not known:
        return rules, ()
    with ThreadPoolExecutor(len(known)) as threads:
        answers = list(threads.map(lambda rate: _ask(rate, source, day), known))
    fresh = {rate.good: answer for rate, answer in zip(known, answers) if answer is not None}
    findings = tuple(_told(rate, fresh.get(rate.good), day) for rate in known)
    replaced = tuple(_with(rate, fresh[rate.good], day) if rate.good in fresh else rate for rate in rules.goods)
    return rules.with_goods(replaced), findings


def _ask(rate: GoodsRate, source: TariffSource, day: date) -> LiveRate | None:
    try:
        return source.rate(rate.code, day)
    except LiveTariffError as error:
        log.warning("live tariff: %s: %s", rate.code, error)
        return None


def _with(rate: GoodsRate, live: LiveRate, day: date) -> GoodsRate:
    return rate.model_copy(update={"duty": live.duty, "status": "verified", "as_of": day})


def _told(rate: GoodsRate, live: LiveRate | None, day: date) -> Finding:
    if live:
        return Finding("live_rate", {"code": live.code, "url": live.url, "rate": live.text}, sources=(rate.source,))
    age = {"code": rate.code, "day": rate.as_of.isoformat(), "days": (day - rate.as_of).days}
    return Finding("shipped_rate", age, sources=(rate.source,))
