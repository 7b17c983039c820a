"""Do probabilities keep their word? Bins, the mean gap, and a drawing without a plotting library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from knowledge_base.evaluation import interval

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Cases with a probability from `low` to `high`: how many, the mean probability, and the share that came true (with interval)."""

    low: float
    high: float
    cases: int
    expected: float
    share: tuple[float, float, float]


def bins(probabilities: Sequence[float], true: Sequence[bool], count: int = BINS) -> list[Bin]:
    """Equal widths; a bin without cases is left out."""
    found = []
    for number in range(count):
        low, high = number / count, (number + 1) / count
        # The last bin holds 1.0, too.
        own = [
            (p, t)
            for p, t in zip(probabilities, true, strict=True)
            if low <= p < high or (number == count - 1 and p >= high)
        ]
        if own:
            found.append(Bin(low, high, len(own), sum(p for p, _ in own) / len(own), interval(t for _, t in own)))
    return found


def calibration_error(found: Sequence[Bin]) -> float:
    """Mean distance between probability and share over all cases; NaN without any."""
    cases = sum(each.cases for each in found)
    return sum(each.cases * abs(each.expected - each.share[0]) for each in found) / cases if cases else float("nan")


def brier(probabilities: Sequence[float], true: Sequence[bool]) -> float:
    """Mean squared distance between probability and what came true; NaN without any."""
    pairs = list(zip(probabilities, true, strict=True))
    return sum((p - t) ** 2 for p, t in pairs) / len(pairs) if pairs else float("nan")


def table(found: Sequence[Bin], event: str) -> str:
    """The bins as a Markdown table."""
    lines = [f"| probability | questions | mean probability | {event} |", "|---|---:|---:|---:|"]
    lines += [
        f"| {each.low:.1f}–{each.high:.1f} | {each.cases} | {each.expected:.2f} "
        f"| {each.share[0]:.2f} ({each.share[1]:.2f}–{each.share[2]:.2f}) |"
        for each in found
    ]
    return "\n".join(lines)


SIDE, LEFT, TOP, GAP = 240, 46, 34, 66


def drawing(panels: Sequence[tuple[str, Sequence[Bin], dict[str, float]]]) -> str:
    """An SVG of panels side by side: title, bins, and thresholds by name. Dots above the diagonal: better than promised."""
    width = LEFT + len(panels) * (SIDE + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {SIDE + TOP + 48}" font-family="sans-serif" font-size="11" role="img">',
        f"<title>{escape('; '.join(title for title, _, _ in panels))}</title>",
        f'<rect width="{width}" height="{SIDE + TOP + 48}" fill="#fff"/>',
    ]
    for number, (title, found, thresholds) in enumerate(panels):
        parts += _panel(LEFT + number * (SIDE + GAP), title, found, thresholds)
    return "\n".join([*parts, "</svg>", ""])


def _panel(x0: int, title: str, found: Sequence[Bin], thresholds: dict[str, float]) -> list[str]:
    def x(value: float) -> float:
        return round(x0 + value * SIDE, 1)

    def y(value: float) -> float:
        return round(TOP + (1 - value) * SIDE, 1)

    parts = [
        f'<text x="{x(0)}" y="16" font-weight="bold">{escape(title)}</text>',
        f'<rect x="{x(0)}" y="{y(1)}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>',
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#888" stroke-dasharray="3 3"/>',
        f'<text x="{x(0.5)}" y="{TOP + SIDE + 34}" text-anchor="middle">probability</text>',
    ]
    for tick in (0, 0.5, 1):
        parts.append(f'<text x="{x(tick)}" y="{TOP + SIDE + 16}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{x(0) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    for place, (name, value) in enumerate(sorted(thresholds.items(), key=lambda item: item[1])):
        parts.append(
            f'<line x1="{x(value)}" y1="{y(0)}" x2="{x(value)}" y2="{y(1)}" stroke="#b3541e" stroke-width="0.8"/>'
        )
        parts.append(
            f'<text x="{x(value) + 3}" y="{y(0) - 6 - 13 * place}" fill="#b3541e">{escape(name)} {value:g}</text>'
        )
    for each in found:
        share, low, high = each.share
        parts.append(
            f'<line x1="{x(each.expected)}" y1="{y(low)}" x2="{x(each.expected)}" y2="{y(high)}" stroke="#15616d"/>'
        )
        radius = 2 + min(5.0, each.cases**0.5 / 3)
        parts.append(f'<circle cx="{x(each.expected)}" cy="{y(share)}" r="{radius:.1f}" fill="#15616d"/>')
    return parts
