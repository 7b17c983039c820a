"""Were the promises kept? Reads a ledger and names every promise that was broken: nothing lost, doubled, crossed, leaked or slow to return."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.soak_ledger import Ledger, Message, Sample
from benchmarks.soak_talks import Talk, numbers_in
from benchmarks.spread import percentile

# A killed part answers again within so many seconds.
BACK_S = 60.0
# Rasa remembers so many conversations (dialogue/tracker_store.py); until it has had them it may grow.
REMEMBERED = {"rasa": 1000}
# How many MB a minute a process may grow, once it has been up for SETTLE_S and by what its own bounded memories of recent
# texts and conversations take; see docs/reliability.md.
GROWTH_MB = {"rasa": 4.0, "actions": 4.0, "chat": 1.5, "telegram": 1.5, "supervisor": 0.2}
SETTLE_S = 180.0
# A slope over less than so much time says nothing.
LEAST_S = 180.0
# The load is only what it is said to be when nearly all of it was offered.
MOST_SKIPPED = 0.1
# Telegram's answers may come twice when the bot is killed between the sending and its note (decision 5): at most so many a kill.
TWICE_A_KILL = 3
AFFECTS = {"chat": ("api", "page"), "telegram": ("telegram",)}
EVERYWHERE = ("api", "page", "telegram")


@dataclass(frozen=True)
class Recovery:
    """One kill: seconds until a message sent after it had its reply, until all that had waited were answered, and the times around it."""

    part: str
    at: float
    back_s: float | None
    settled_s: float | None
    before: tuple[float, float]
    during: tuple[float, float]
    after: tuple[float, float]
    failures: int


@dataclass(frozen=True)
class Life:
    """One process from its start to its end: MB when it had settled and at last, and MB a minute in between (None: it lived too short)."""

    part: str
    pid: int
    minutes: float
    settled_mb: float | None
    last_mb: float
    growth: float | None


@dataclass(frozen=True)
class Verdict:
    """What was found, and `broken`: a sentence for each promise that was not kept."""

    lost: list[Message]
    doubled: list[Message]
    at_kills: list[Message]
    crossed: list[Message]
    other: list[Message]
    recoveries: list[Recovery]
    lives: list[Life]
    broken: list[str]


def p50_p95(messages: Iterable[Message]) -> tuple[float, float]:
    """Seconds from sending to the proper reply, median and 95th percentile; NaN without any."""
    seconds = [one.seconds for one in messages if one.seconds is not None]
    return (percentile(seconds, 50), percentile(seconds, 95)) if seconds else (float("nan"), float("nan"))


def recoveries(ledger: Ledger) -> list[Recovery]:
    """What every kill did to those whom it could concern."""
    found = []
    edge = ledger.began  # since when all is as it was before
    kills = sorted(ledger.kills, key=lambda kill: kill.at)
    for kill, following in zip(kills, [*(kill.at for kill in kills[1:]), ledger.ended]):
        concerned = [one for one in ledger.messages if one.channel in AFFECTS.get(kill.part, EVERYWHERE)]
        later = [one.answered for one in concerned if kill.at < one.sent < following and one.answered is not None]
        back = min(later, default=None)
        waited = [
            one
            for one in concerned
            if one.sent < (back or following) and (one.answered is None or one.answered > kill.at)
        ]
        settled = max((one.answered for one in waited if one.answered is not None), default=back)
        between = [one for one in concerned if kill.at <= one.sent < (back or following)]
        found.append(
            Recovery(
                kill.part, kill.at,
                None if back is None else back - kill.at,
                None if settled is None else settled - kill.at,
                p50_p95(one for one in concerned if edge <= one.sent < kill.at and one not in waited),
                p50_p95({id(one): one for one in [*waited, *between]}.values()),
                p50_p95(one for one in concerned if (settled or following) <= one.sent < following),
                sum(len(one.failures) for one in waited),
            )
        )  # fmt: skip
        edge = settled or kill.at
    return found


def slope(samples: Sequence[Sample]) -> float:
    """MB a minute: the line through the samples by least squares."""
    minutes = [sample.at / 60 for sample in samples]
    return statistics.linear_regression(minutes, [sample.mb for sample in samples]).slope


def lives(samples: Iterable[Sample], conversations: Sequence[float] = ()) -> list[Life]:
    """The processes in the order of their start; `conversations` are the times when one began."""
    by_process: dict[tuple[str, int], list[Sample]] = defaultdict(list)
    for sample in samples:
        by_process[sample.part, sample.pid].append(sample)
    found = []
    for (part, pid), own in by_process.items():
        begun = sorted(at for at in conversations if at >= own[0].at)
        room = REMEMBERED.get(part, 0)
        filled = own[0].at if not room else begun[room - 1] if len(begun) >= room else float("inf")
        settled = [sample for sample in own if sample.at >= max(filled, own[0].at + SETTLE_S)]
        long_enough = settled and settled[-1].at - settled[0].at >= LEAST_S
        length = (own[-1].at - own[0].at) / 60
        growth = slope(settled) if long_enough else None
        found.append(Life(part, pid, length, settled[0].mb if settled else None, own[-1].mb, growth))
    return found


def crossed(messages: Iterable[Message], talks: Iterable[Talk]) -> tuple[list[Message], list[Message]]:
    """Replies that are not the expected ones: those that are somebody else's, and others."""
    owners = {talk.number: talk.name for talk in talks}
    replies: dict[tuple[str, str], set[str]] = defaultdict(set)  # (channel, words) → whose reply that is
    every = list(messages)
    for one in every:
        if one.expected:
            replies[one.channel, one.expected.words].add(one.talk)
    theirs, others = [], []
    for one in every:
        if one.fault.startswith("crossed"):
            theirs.append(one)
        elif one.came and one.came != one.expected:
            named = {owners[number] for number in numbers_in(one.came.words) if number in owners}
            whose = replies[one.channel, one.came.words]
            foreign = (named and one.talk not in named) or (whose and one.talk not in whose)
            (theirs if foreign else others).append(one)
    return theirs, others


def judge(ledger: Ledger, talks: Iterable[Talk]) -> Verdict:
    """Everything that was found, and which promises were broken."""
    lost = [one for one in ledger.messages if one.answered is None or one.fault.startswith("lost")]
    twice = [one for one in ledger.messages if one.replies > 1]
    bot_kills = [kill.at for kill in ledger.kills if kill.part == "telegram"]
    at_kills = [one for one in twice if one.channel == "telegram" and _over_a_kill(one, bot_kills)]
    doubled = [one for one in twice if one not in at_kills]
    theirs, others = crossed(ledger.messages, talks)
    back = recoveries(ledger)
    processes = lives(ledger.samples, [one.sent for one in ledger.messages if one.step == 0])
    broken = [
        *_counted(lost, "got no proper reply"),
        *_counted(doubled, "got more than one reply"),
        *_counted(theirs, "got somebody else's reply"),
        *_counted(others, "got a reply that is not the one that they get alone"),
        *ledger.errors,
    ]
    if len(at_kills) > TWICE_A_KILL * len(bot_kills):
        broken.append(
            f"{len(at_kills)} answers came twice over {len(bot_kills)} kills of the bot; at most {TWICE_A_KILL} a kill may."
        )
    for one in back:
        if one.back_s is None or one.back_s > BACK_S:
            took = "never" if one.back_s is None else f"after {one.back_s:.0f} s"
            broken.append(f"{one.part} was killed and answered again {took}; the bound is {BACK_S:.0f} s.")
    for life in processes:
        if life.growth is not None and life.growth > GROWTH_MB[life.part]:
            broken.append(
                f"{life.part} (process {life.pid}) grew by {life.growth:.2f} MB a minute over {life.minutes:.1f} minutes; "
                f"the bound is {GROWTH_MB[life.part]:g}."
            )
    due = len(ledger.messages) + ledger.skipped
    if ledger.skipped > MOST_SKIPPED * due:
        broken.append(
            f"{ledger.skipped} of {due} messages could not be sent: nobody was free. That is not the load that is claimed."
        )
    if not ledger.messages:
        broken.append("No message was sent.")
    return Verdict(lost, doubled, at_kills, theirs, others, back, processes, broken)


def _over_a_kill(message: Message, kills: Iterable[float]) -> bool:
    """Was its answer sent at most a second before a kill of the bot, or under way?"""
    answered = message.answered if message.answered is not None else float("inf")
    return message.replies == 2 and any(message.sent <= at <= answered + 1.0 for at in kills)


def _counted(messages: list[Message], what: str) -> list[str]:
    if not messages:
        return []
    first = messages[0]
    kinds = Counter(one.channel for one in messages)
    where = ", ".join(f"{channel} {count}" for channel, count in kinds.items())
    came = f", came {first.came.words[:120]!r}" if first.came else ""
    example = (
        f"the first is {first.text!r} of {first.talk} on {first.channel}{came} ({first.fault or first.failures[-3:]})"
    )
    return [f"{len(messages)} messages ({where}) {what}: {example}."]
