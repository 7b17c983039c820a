"""Sixty replies of the real service, by the page with and without its script, Telegram and plain text: as they were read and approved.

After a change that is meant: `python -m tests.bot.golden.render`, then read the difference of the golden files as an asker would.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from customs.blocks import OUTCOMES, REASONS, check_block, check_outcome
from tests.bot.golden.parity import report
from tests.bot.golden.render import PARITY, golden_path, golden_text
from tests.bot.golden.rendering import Rendering, differences, facts_of_blocks
from tests.bot.golden.replies import HERE, LANGUAGES, Golden, questions, read_all
from tests.bot.golden.ways import WAYS, render_all

GOLDENS = read_all()
NAMES = [golden.name for golden in GOLDENS]
BY_NAME = dict(zip(NAMES, GOLDENS))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Rendering]]:
    """Every reply in every way, made once."""
    return render_all(GOLDENS, tmp_path_factory.mktemp("golden"))


@pytest.mark.parametrize("name", NAMES)
def test_a_reply_reads_as_it_was_approved(rendered: dict[str, dict[str, Rendering]], name: str) -> None:
    assert golden_text(BY_NAME[name], rendered[name]) == golden_path(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_way_has_every_figure_source_and_button(rendered: dict[str, dict[str, Rendering]], name: str) -> None:
    assert not list(differences(BY_NAME[name].reply, rendered[name]))


def test_the_report_is_what_the_renderers_make(rendered: dict[str, dict[str, Rendering]]) -> None:
    assert PARITY.read_text(encoding="utf-8") == report(GOLDENS, rendered)


@pytest.mark.parametrize("way", WAYS)
def test_a_way_that_drops_something_is_named(rendered: dict[str, dict[str, Rendering]], way: str) -> None:
    golden = BY_NAME["en/allowance_over"]
    ways, facts = rendered[golden.name], facts_of_blocks(golden.reply)
    assert len(facts.figures) > 5 and facts.urls and facts.titles
    for figure in facts.figures:
        if "-" in figure:  # a day is written out
            continue
        told = list(differences(golden.reply, ways | {way: ways[way].without(figure)}))
        assert any(fault.startswith(f"{way}: the figure") for fault in told), figure
    made = ways[way]
    for url in facts.urls:
        less = Rendering(made.lines, made.pieces, [one for one in made.urls if one != url], made.titles)
        assert list(differences(golden.reply, ways | {way: less})) == [f"{way}: the address {url} is missing"]
    less = Rendering(made.lines, made.pieces, made.urls, [])
    told = list(differences(golden.reply, ways | {way: less}))
    assert len(told) == len(facts.titles) and all("the button" in fault for fault in told)


def test_a_day_counts_however_it_is_written() -> None:
    golden = BY_NAME["ar/cash_dubai"]
    day = next(block["checked"] for block in golden.reply.blocks if block["type"] == "source")
    assert facts_of_blocks(golden.reply).figures[day] >= 1


def test_the_replies_are_as_many_and_as_mixed_as_they_must_be() -> None:
    assert Counter(golden.language for golden in GOLDENS) == dict.fromkeys(LANGUAGES, 15)
    assert {golden.reply.outcome for golden in GOLDENS} == set(OUTCOMES)
    reasons = {golden.reply.reason for golden in GOLDENS}
    # An answer is switched off by the console, which is not a part of the recording.
    wanted = {*REASONS["asked_back"], *REASONS["declined"], *REASONS["failed"]} - {"switched_off"}
    assert wanted <= reasons
    kinds = {block["type"] for golden in GOLDENS for block in golden.reply.blocks}
    assert kinds == {"paragraph", "list", "card", "table", "source", "buttons", "notice"}


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_reply_keeps_the_contract(name: str) -> None:
    golden: Golden = BY_NAME[name]
    check_outcome(golden.reply.outcome, golden.reply.reason)
    assert golden.asked and golden.reply.blocks and [check_block(block) for block in golden.reply.blocks]


def test_no_file_is_left_of_a_reply_that_is_no_more() -> None:
    wanted = {f"{language}/{talk['id']}" for language, talk in questions()}
    for folder in ("replies", "renderings"):
        kept = {str(path.relative_to(HERE / folder).with_suffix("")) for path in Path(HERE / folder).glob("*/*")}
        assert kept == wanted, folder
