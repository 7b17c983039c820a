"""A soak's findings as Markdown, for docs/reliability.md."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from benchmarks.report import table
from benchmarks.soak_judge import Recovery, Verdict, p50_p95
from benchmarks.soak_ledger import CHANNELS, Ledger
from benchmarks.spread import short

BEGIN = "<!-- soak: begin -->"
END = "<!-- soak: end -->"


def render(ledger: Ledger, verdict: Verdict, about: dict[str, Any], shape: str) -> str:
    """What docs/reliability.md shows between its markers; `shape` says what was run."""
    versions = ", ".join(f"{name} {about['app'][name]}" for name in ("rasa-sdk", "starlette", "onnxruntime"))
    head = [
        f"- {about['date']}, commit {about['commit']}, release {about['release']}, encoder {about['encoder']}.",
        f"- {about['cores']} cores ({about['processor']}), {about['memory_gb']} GB, {about['system']}; load average "
        f"{about['load_before']} before and {about['load_after']} after. The traffic itself runs on the same cores.",
        f"- Python {about['python']}: {versions}; rasa {about['rasa']['rasa']}.",
        f"- {shape}",
        f"- Capacity measured at the start: {short(ledger.capacity)} messages/s. Traffic: {short(ledger.rate)} messages/s due, "
        f"{len(ledger.messages)} sent, {ledger.skipped} not sent because everybody who talks was waiting for a reply.",
    ]
    kept = (
        "**Every promise was kept.**"
        if not verdict.broken
        else "**Broken:**\n\n" + "\n".join(f"- {one}" for one in verdict.broken)
    )
    return "\n\n".join(
        [
            "\n".join(head), kept,
            "### Every message one reply", _messages(ledger, verdict),
            "### After a kill", _recoveries(verdict.recoveries),
            "### Memory", _memory(verdict),
        ]
    )  # fmt: skip


def _messages(ledger: Ledger, verdict: Verdict) -> str:
    groups = {
        "messages": ledger.messages,
        "with a failure said honestly before": [one for one in ledger.messages if one.failures],
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "crossed": verdict.crossed,
        "other than expected": verdict.other,
        "came twice at a kill of the bot": verdict.at_kills,
    }
    rows = []
    for name, group in groups.items():
        count = Counter(one.channel for one in group)
        rows.append([name, *(str(count[channel]) for channel in CHANNELS), str(len(group))])
    times = ["p50 / p95 s, kills included"]
    times += [_pair(p50_p95(one for one in ledger.messages if one.channel == channel)) for channel in CHANNELS]
    rows.append([*times, _pair(p50_p95(ledger.messages))])
    return table(["", "chat API", "page without JavaScript", "Telegram", "all"], rows)


def _pair(values: tuple[float, float]) -> str:
    return " / ".join(_number(value) for value in values)


def _number(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else short(value)


def _recoveries(found: list[Recovery]) -> str:
    rows = [
        [
            one.part, _number(one.back_s), _number(one.settled_s), _pair(one.before), _pair(one.during), _pair(one.after),
            str(one.failures),
        ]
        for one in found
    ]  # fmt: skip
    head = [
        "killed",
        "answers again after s",
        "all who waited answered after s",
        "before",
        "during",
        "after",
        "failures said",
    ]
    return "p50 / p95 in seconds, of the channels that the part concerns.\n\n" + table(head, rows)


def _memory(verdict: Verdict) -> str:
    rows = [
        [life.part, short(life.minutes), _number(life.settled_mb), short(life.last_mb), _number(life.growth)]
        for life in verdict.lives
    ]
    return table(["process", "minutes", "MB when settled", "MB at last", "MB a minute in between"], rows)
