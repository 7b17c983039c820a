"""Live tariffs against answers that they really gave, recorded; the server is ours and on the loopback.

recorded/uk_*.json: parts of answers of the UK Trade Tariff's API, from the recordings in
https://github.com/trade-tariff/trade-tariff-frontend/tree/87c399ed/spec/vcr (6911100090 of 2025-07-14, 0201100021 of 2025-02-11).
recorded/hts_rows.json: rows of the commission's export of the Harmonized Tariff Schedule, 2026 revision 10, in the form of its search.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from knowledge_base.rules.duty_goods import DutyPart
from knowledge_base.tariff.live import (
    CodeUnknown,
    RateUnreadable,
    TariffUnreachable,
    UkTariff,
    UsTariff,
    refresh,
    source_for,
)
from knowledge_base.tariff.live.us import read_rate
from tests.knowledge_base.rules.duty_sums import RULES

RECORDED = Path(__file__).with_name("recorded")
DAY = date(2026, 11, 22)
FREE = (DutyPart(percent=D(0)),)


class Tariffs(BaseHTTPRequestHandler):
    """Answers as the tariffs did; paths that tests make up answer in bad ways."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        path = self.path.partition("?")[0]
        code = path.rpartition("/")[2]
        recorded = RECORDED / f"uk_{code}.json"
        if path.endswith("/search"):
            self._answer(200, (RECORDED / "hts_rows.json").read_bytes())
        elif code == "9999000001":
            time.sleep(1)
            self._answer(200, b"{}")
        elif code == "9999000002":
            self._answer(200, b"<html>maintenance</html>")
        elif code == "9999000003":
            self._answer(503, b"{}")
        elif code == "9999000004":
            self._answer(200, b'{"data": {"relationships": []}, "included": 7}')
        elif recorded.exists():
            self._answer(200, recorded.read_bytes())
        else:
            self._answer(404, (RECORDED / "uk_not_found.json").read_bytes())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        try:
            self.wfile.write(body)
        except BrokenPipeError:
            pass

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tariffs)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def uk(address) -> UkTariff:
    return UkTariff(f"{address}/api/v2", timeout_s=0.3)


@pytest.fixture
def us(address) -> UsTariff:
    return UsTariff(f"{address}/reststop", timeout_s=2)


class TestUnitedKingdom:
    def test_a_rate_in_per_cent(self, uk):
        rate = uk.rate("6911 10 00 90", DAY)
        assert (rate.duty, rate.text) == ((DutyPart(percent=D("12.0")),), "12.00 %")
        assert rate.url.endswith("/api/v2/commodities/6911100090?as_of=2026-11-22")

    def test_a_rate_of_two_parts_for_all_countries_and_not_one_country(self, uk):
        rate = uk.rate("0201100021", DAY)
        part = DutyPart(amount=D("147.0"), currency="GBP", per="kg", quantity=D(100))
        assert rate.duty == (DutyPart(percent=D("12.0")), part)

    def test_a_short_code_is_asked_for_with_ten_digits(self, uk):
        with pytest.raises(CodeUnknown, match="0101990000"):
            uk.rate("0101.99", DAY)

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("9999000001", TariffUnreachable),
            ("9999000002", RateUnreadable),
            ("9999000003", TariffUnreachable),
            ("9999000004", RateUnreadable),
        ],
    )
    def test_bad_answers_are_errors_of_ours(self, uk, code, error):
        with pytest.raises(error, match=code):
            uk.rate(code, DAY)

    def test_no_server_is_unreachable(self):
        with pytest.raises(TariffUnreachable):
            UkTariff("http://127.0.0.1:9", timeout_s=0.5).rate("6911100090", DAY)


class TestUnitedStates:
    @pytest.mark.parametrize(
        ("code", "duty"),
        [
            ("8518.22.00", FREE),
            ("6205.20.20", (DutyPart(percent=D("19.7")),)),
            ("6205.20.20.16", (DutyPart(percent=D("19.7")),)),  # a statistical line has the rate of the line above
            ("0802.12.00", (DutyPart(amount=D("0.24"), currency="USD", per="kg"),)),
            ("2204.21.50", (DutyPart(amount=D("0.063"), currency="USD", per="L"),)),
        ],
    )
    def test_rates(self, us, code, duty):
        assert us.rate(code, DAY).duty == duty

    @pytest.mark.parametrize("code", ["9102.11.25", "8206.00.00.00"])
    def test_a_rate_in_words_is_refused_with_the_words(self, us, code):
        with pytest.raises(RateUnreadable, match="case|highest rate"):
            us.rate(code, DAY)

    def test_a_code_that_is_not_there(self, us):
        with pytest.raises(CodeUnknown):
            us.rate("0101.21.00", DAY)

    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("Free", FREE),
            ("6.5%", (DutyPart(percent=D("6.5")),)),
            ("$1.53/kg", (DutyPart(amount=D("1.53"), currency="USD", per="kg"),)),
            ("90¢/pr. + 37.5%", (DutyPart(amount=D("0.9"), currency="USD", per="pair"), DutyPart(percent=D("37.5")))),
            ("61.7¢ each + 8%", (DutyPart(amount=D("0.617"), currency="USD", per="each"), DutyPart(percent=D(8)))),
            ("$2/t", (DutyPart(amount=D(2), currency="USD", per="kg", quantity=D(1000)),)),
            ("10¢/kg on drained weight", None),
            ("40¢ each + 8.5% on the case", None),
            ("The duty provided in the applicable subheading + 25%", None),
            ("", None),
        ],
    )
    def test_how_rates_are_read(self, text, parts):
        assert read_rate(text) == parts


class TestRefresh:
    def test_what_the_tariff_gives_takes_the_place_of_the_shipped_rate(self, uk):
        shipped = RULES["gb"]
        unread = {"good": "plates", "code": "6911 10 00 90", "status": "unverified"}
        plates = shipped.with_goods((shipped.goods[0].model_copy(update=unread),))
        assert not plates.rate_of("plates").known
        fresh, (told,) = refresh(plates, ["plates"], uk, DAY)
        assert (fresh.rate_of("plates").duty, fresh.rate_of("plates").known) == ((DutyPart(percent=D("12.0")),), True)
        assert (told.code, told.values["rate"]) == ("live_rate", "12.00 %")
        assert plates.rate_of("plates").status == "unverified", "the shipped rules are left as they are"

    def test_without_an_answer_the_shipped_rate_stands_and_says_how_old_it_is(self):
        gone = UkTariff("http://127.0.0.1:9", timeout_s=0.5)
        fresh, (told,) = refresh(RULES["gb"], ["shirt", "no_such_good"], gone, DAY)
        assert fresh.rate_of("shirt") == RULES["gb"].rate_of("shirt")
        assert (told.code, told.values) == ("shipped_rate", {"code": "6205 20 00", "day": "2026-11-01", "days": 21})

    def test_goods_that_nobody_knows_are_not_asked_about(self, uk):
        before = len(Tariffs.asked)
        assert refresh(RULES["gb"], ["no_such_good"], uk, DAY) == (RULES["gb"], ())
        assert len(Tariffs.asked) == before

    def test_only_two_administrations_have_one(self):
        assert {name: source_for(name, 1) is not None for name in ("gb", "us", "eu", "ae")} == {
            "gb": True,
            "us": True,
            "eu": False,
            "ae": False,
        }
