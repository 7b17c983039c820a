import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.spread import Spread, percentile, ratio_of_rounds, short

floats = st.floats(min_value=0, max_value=1e6, allow_nan=False)


def test_percentile_is_the_nearest_rank():
    values = [15, 20, 35, 40, 50]
    assert [percentile(values, percent) for percent in (5, 30, 40, 50, 100)] == [15, 20, 20, 35, 50]


def test_percentile_does_not_ask_for_order():
    assert percentile([9, 1, 5], 50) == 5


@given(st.lists(floats, min_size=1, max_size=60), st.integers(min_value=1, max_value=100))
def test_percentile_is_the_least_value_that_enough_do_not_exceed(values, percent):
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    smaller = [value for value in values if value < found]
    assert len(smaller) * 100 < percent * len(values)


@pytest.mark.parametrize("values, percent", [([], 50), ([1], 0), ([1], 101)])
def test_percentile_of_nothing_or_of_a_wrong_percent_is_refused(values, percent):
    with pytest.raises(ValueError):
        percentile(values, percent)


def test_spread_is_median_least_and_most():
    assert Spread.of([3, 1, 10]) == Spread(3, 1, 10)
    assert Spread.of([1, 3]).median == 2


def test_spread_of_nothing_is_refused():
    with pytest.raises(ValueError):
        Spread.of([])


def test_spread_is_shown_with_its_range():
    assert str(Spread(24.12, 22, 131.4)) == "24.1 (22.0–131)"


@pytest.mark.parametrize("value, text", [(0, "0.00"), (0.256, "0.26"), (1, "1.0"), (99.94, "99.9"), (100, "100")])
def test_short_keeps_what_matters(value, text):
    assert short(value) == text


def test_ratio_is_taken_round_by_round():
    # The second round was slow for both: the ratio does not see it, that of the medians' sums would.
    assert ratio_of_rounds([10, 100, 10], [40, 400, 40]) == Spread(0.25, 0.25, 0.25)


def test_ratio_of_unequal_rounds_is_refused():
    with pytest.raises(ValueError, match="2 rounds against 1"):
        ratio_of_rounds([1, 2], [1])
