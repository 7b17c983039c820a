"""While Rasa does not answer, nobody waits for it; when it answers again, everybody is answered."""

from __future__ import annotations

from bot.breaker import Breaker
from bot.rasa_client import RasaClient
from bot.turn import Turn


class Clock:
    """Seconds that pass when told."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def turn(number: int = 1) -> Turn:
    return Turn(f"web-{number}", "how much cash", "web")


async def test_after_some_failures_in_a_row_rasa_is_left_alone_for_a_while(rasa):
    clock = Clock()
    client = RasaClient(rasa.url, deadline_s=2)
    breaker = Breaker(client, failures=3, rest_s=10, clock=clock)
    rasa.mode = "error"
    for _ in range(3):
        assert not breaker.is_open
        assert (await breaker.ask(turn())).reason == "rasa_down"
    assert breaker.is_open and len(rasa.received) == 3
    rasa.mode = "ok"
    reply = await breaker.ask(turn())
    assert (reply.outcome, reply.reason, len(rasa.received)) == ("failed", "rasa_down", 3)
    clock.now += 10.1
    assert (await breaker.ask(turn())).outcome == "answered"
    assert (await breaker.ask(turn())).outcome == "answered" and not breaker.is_open
    await client.close()


async def test_one_tries_and_the_others_are_told_until_it_is_known(rasa):
    clock = Clock()
    client = RasaClient(rasa.url, deadline_s=2)
    breaker = Breaker(client, failures=1, rest_s=10, clock=clock)
    rasa.mode = "error"
    await breaker.ask(turn())
    clock.now += 10.1
    await breaker.ask(turn())
    assert len(rasa.received) == 2 and breaker.is_open  # it failed again: the rest began anew
    clock.now += 9
    await breaker.ask(turn())
    assert len(rasa.received) == 2
    await client.close()


async def test_a_deletion_goes_through_also_while_nothing_is_asked(rasa):
    client = RasaClient(rasa.url, deadline_s=2)
    breaker = Breaker(client, failures=1, rest_s=10)
    rasa.mode = "error"
    await breaker.ask(turn())
    rasa.mode = "ok"
    assert breaker.is_open and await breaker.forget("web-1") and rasa.forgotten == ["web-1"]
    await client.close()


async def test_failures_between_answers_and_those_of_the_action_server_open_nothing(rasa):
    client = RasaClient(rasa.url, deadline_s=2)
    breaker = Breaker(client, failures=2, rest_s=10)
    for mode in ("error", "ok", "error", "ok", "empty", "empty", "empty", "error"):
        rasa.mode = mode
        await breaker.ask(turn())
        assert not breaker.is_open, mode
    await client.close()
