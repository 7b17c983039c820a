"""Bins and gaps by hand, and a drawing that is well-formed."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest

from benchmarks.reliability import bins, brier, calibration_error, drawing, table


def test_cases_fall_into_their_bins() -> None:
    found = bins([0.05, 0.15, 0.1, 1.0], [False, True, False, True])
    assert [(each.low, each.cases) for each in found] == [(0.0, 1), (0.1, 2), (0.9, 1)]
    assert found[1].expected == pytest.approx(0.125) and found[1].share[0] == 0.5


def test_gap_and_score() -> None:
    chances, true = [0.2, 0.2, 0.9], [False, True, True]
    assert calibration_error(bins(chances, true)) == pytest.approx((2 * 0.3 + 1 * 0.1) / 3)
    assert brier(chances, true) == pytest.approx((0.04 + 0.64 + 0.01) / 3)
    assert calibration_error(bins([0.0, 1.0], [False, True])) == 0
    assert math.isnan(brier([], [])) and math.isnan(calibration_error([]))


def test_lists_of_unlike_length_are_refused() -> None:
    with pytest.raises(ValueError):
        bins([0.5], [])


def test_the_table_has_a_line_for_each_bin() -> None:
    assert table(bins([0.5], [True]), "came true").splitlines()[2] == "| 0.5–0.6 | 1 | 0.50 | 1.00 (1.00–1.00) |"


def test_the_drawing_shows_every_bin_and_threshold_where_it_belongs() -> None:
    found = bins([0.0, 1.0], [False, True])
    root = ElementTree.fromstring(drawing([("gate <1>", found, {"ASK_AT": 0.5}), ("answer", [], {})]))
    dots = [each for each in root.iter() if each.tag.endswith("circle")]
    frame = next(each for each in root.iter() if each.get("stroke") == "#888" and each.tag.endswith("rect"))
    left, side = float(frame.get("x")), float(frame.get("width"))
    assert [float(dot.get("cx")) - left for dot in dots] == [0, side]
    assert float(dots[0].get("cy")) - float(dots[1].get("cy")) == side, "up is more"
    texts = [each.text for each in root.iter() if each.tag.endswith("text")]
    assert "gate <1>" in texts and "ASK_AT 0.5" in texts
