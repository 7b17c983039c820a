"""The judge of the soak sees every kind of broken promise, and nothing in a run that kept them."""

import dataclasses

import pytest

from benchmarks import soak_judge
from benchmarks.soak_judge import BACK_S, GROWTH_MB, SETTLE_S, judge, lives, recoveries
from benchmarks.soak_ledger import Kill, Ledger, Message, Sample, Seen
from benchmarks.soak_talks import talks

TALKS = talks()
CHANNELS = ("api", "page", "telegram")


@pytest.fixture(autouse=True)
def short_memory(monkeypatch):
    monkeypatch.setitem(soak_judge.REMEMBERED, "rasa", 200)  # a message a second fills it in 200 s


def reply_to(talk):
    return Seen("answered", f"{talk.number} is more than 200")


def kept():
    """Ten minutes in which every promise was kept: a message a second by turns of talk and channel, a kill of every part."""
    ledger = Ledger(capacity=2.0, rate=1.0, began=1000.0, ended=1600.0)
    for second in range(600):
        talk = TALKS[second % len(TALKS)]
        sent = 1000.0 + second
        ledger.messages.append(
            Message(
                CHANNELS[second % 3],
                second,
                talk.name,
                0,
                "how many",
                sent,
                reply_to(talk),
                reply_to(talk),
                sent + 0.1,
                1,
            )  # fmt: skip
        )
    for number, part in enumerate(("rasa", "actions", "chat", "telegram"), 1):
        at = 1000.0 + 120 * number - 0.5
        ledger.kills.append(Kill(part, at, 100 + number))
        for message in ledger.messages:
            if at < message.sent < at + 15:
                message.answered = at + 15.2
                message.failures.append("failed/rasa_down")
    for part, mb in (("rasa", 600), ("actions", 800), ("chat", 60), ("telegram", 80), ("supervisor", 26)):
        ledger.samples += [Sample(part, 1, 1000.0 + 5 * number, mb + number % 3) for number in range(120)]
    return ledger


def test_a_run_that_kept_its_promises():
    verdict = judge(kept(), TALKS)
    assert verdict.broken == []
    assert [one.part for one in verdict.recoveries] == ["rasa", "actions", "chat", "telegram"]
    assert len(verdict.lives) == 5 and all(abs(life.growth) < 0.1 for life in verdict.lives)


def lose(message):
    message.came = message.answered = None


def lose_the_note(message):
    message.fault = "lost: the transcript does not hold what was answered"


def double(message):
    message.replies = 2


def cross_the_words(message):
    other = next(talk for talk in TALKS if talk.name != message.talk)
    message.came = reply_to(other)


def cross_the_conversation(message):
    message.fault = "crossed: the reply is another conversation's"


def change(message):
    message.came = dataclasses.replace(message.came, words="something else")


@pytest.mark.parametrize(
    ("spoil", "found", "says"),
    [
        (lose, "lost", "no proper reply"),
        (lose_the_note, "lost", "no proper reply"),
        (double, "doubled", "more than one reply"),
        (cross_the_words, "crossed", "somebody else's"),
        (cross_the_conversation, "crossed", "somebody else's"),
        (change, "other", "not the one that they get alone"),
    ],
)
@pytest.mark.parametrize("channel", CHANNELS)
def test_one_message_that_broke_a_promise_is_found(spoil, found, says, channel):
    ledger = kept()
    message = next(one for one in ledger.messages if one.channel == channel)  # long before any kill
    spoil(message)
    verdict = judge(ledger, TALKS)
    assert getattr(verdict, found) == [message]
    assert len(verdict.broken) == 1 and says in verdict.broken[0] and channel in verdict.broken[0]
    assert message.talk in verdict.broken[0]


def test_a_reply_with_no_number_but_of_another_talk_is_crossed():
    ledger = kept()
    first, second = ledger.messages[0], ledger.messages[3]
    first.expected = first.came = Seen("answered", "out of scope, in one language")
    second.came = first.came
    assert judge(ledger, TALKS).crossed == [second]


def under_way(ledger, part):
    kill = next(kill for kill in ledger.kills if kill.part == part)
    return [one for one in ledger.messages if one.channel == "telegram" and one.sent <= kill.at <= one.answered + 1]


def test_only_an_answer_that_the_bot_was_giving_when_it_was_killed_may_come_twice():
    ledger = kept()
    (message,) = under_way(ledger, "telegram")[:1] or [None]
    if message is None:  # nobody was: let one be
        kill = next(kill for kill in ledger.kills if kill.part == "telegram")
        message = next(one for one in ledger.messages if one.channel == "telegram" and one.sent > kill.at - 4)
        message.answered = kill.at - 0.2
    message.replies = 2
    verdict = judge(ledger, TALKS)
    assert verdict.broken == [] and verdict.at_kills == [message]
    message.replies = 3
    assert judge(ledger, TALKS).doubled == [message]


def test_a_kill_of_another_part_excuses_no_repetition():
    ledger = kept()
    kill = next(kill for kill in ledger.kills if kill.part == "rasa")
    message = next(one for one in ledger.messages if one.channel == "telegram" and one.sent > kill.at - 4)
    message.answered, message.replies = kill.at + 1, 2
    assert judge(ledger, TALKS).doubled == [message]


@pytest.mark.parametrize("part", list(GROWTH_MB))
def test_a_leak_is_found_in_every_process(part):
    ledger = kept()
    bound = GROWTH_MB[part]
    for number, sample in enumerate(ledger.samples):
        if sample.part == part:
            ledger.samples[number] = dataclasses.replace(sample, mb=sample.mb + (sample.at - 1000) / 60 * bound * 1.2)
    (sentence,) = judge(ledger, TALKS).broken
    assert sentence.startswith(part) and "MB a minute" in sentence


def test_what_a_process_takes_at_first_is_no_leak():
    ledger = kept()
    ledger.samples = [
        dataclasses.replace(one, mb=one.mb + 300 * min(1.0, (one.at - 1000) / SETTLE_S)) for one in ledger.samples
    ]
    assert judge(ledger, TALKS).broken == []


def test_rasa_may_grow_until_it_has_all_the_conversations_that_it_remembers():
    ledger = kept()
    ledger.samples = [
        dataclasses.replace(one, mb=one.mb + (min(one.at, 1200) - 1000) / 10 if one.part == "rasa" else one.mb)
        for one in ledger.samples
    ]
    assert judge(ledger, TALKS).broken == []
    ledger.messages = ledger.messages[:150]  # too few to fill it: nothing can be said
    assert next(life for life in judge(ledger, TALKS).lives if life.part == "rasa").growth is None


def test_each_process_is_a_life_of_its_own():
    samples = [Sample("chat", 1 if at < 300 else 2, float(at), 60 + at / 10 % 30) for at in range(0, 700, 5)]
    first, second = lives(samples)
    assert (
        (first.pid, second.pid) == (1, 2) and first.settled_mb == 60 + 18 and first.minutes == pytest.approx(295 / 60)
    )
    assert lives(samples[:20])[0].growth is None, "too short to tell"


def test_a_part_that_does_not_come_back_in_time_is_found():
    ledger = kept()
    kill = ledger.kills[0]
    for message in ledger.messages:
        if kill.at < message.sent < kill.at + BACK_S + 5:
            message.answered = kill.at + BACK_S + 6
    assert any(
        sentence.startswith("rasa was killed and answered again after 66 s") for sentence in judge(ledger, TALKS).broken
    )
    for message in ledger.messages:
        if message.sent > kill.at:
            lose(message)
    assert any("answered again never" in sentence for sentence in judge(ledger, TALKS).broken)


def test_the_times_around_a_kill():
    rasa, _, chat, _ = recoveries(kept())
    assert rasa.back_s == pytest.approx(15.2) and rasa.settled_s == pytest.approx(15.2)
    assert rasa.before[0] == pytest.approx(0.1) and rasa.after[1] == pytest.approx(0.1)
    assert 0.2 < rasa.during[0] < rasa.during[1] < 15.2
    assert rasa.failures == 15 and chat.failures == 10, "a dead chat is no matter of Telegram's"


def test_a_load_that_was_not_offered_proves_nothing():
    ledger = kept()
    ledger.skipped = 100
    assert any("nobody was free" in sentence for sentence in judge(ledger, TALKS).broken)
    assert judge(Ledger(), TALKS).broken == ["No message was sent."]


def test_a_fault_of_the_soak_itself_is_not_passed_over():
    ledger = kept()
    ledger.errors.append("KeyError: 'x'")
    assert judge(ledger, TALKS).broken == ["KeyError: 'x'"]
