"""Chats side by side, one chat in order, and nobody kept out by a neighbour with a long queue."""

from __future__ import annotations

import asyncio

from telegram import Chat, Message, Update

from bot.telegram.per_chat import PerChat


def update(number, chat):
    return Update(number, message=Message(number, None, Chat(chat, "private")))


async def test_a_chat_is_served_in_order_and_chats_side_by_side():
    processor, done, running, most = PerChat(64), [], 0, 0

    async def work(chat, number):
        nonlocal running, most
        running += 1
        most = max(most, running)
        # The later ones are quicker: without order they would overtake.
        await asyncio.sleep(0.02 / (number + 1))
        running -= 1
        done.append((chat, number))

    jobs = [processor.process_update(update(n, chat), work(chat, n)) for n in range(10) for chat in range(1, 11)]
    await asyncio.gather(*jobs)
    for chat in range(1, 11):
        assert [number for one, number in done if one == chat] == list(range(10))
    assert most == 10
    assert processor.waiting_chats == 0


async def test_with_an_order_that_lets_all_pass_a_chat_is_still_in_order():
    class Away:
        async def turn(self, update_id, chat):
            await asyncio.sleep(0)

    processor, done = PerChat(64, order=Away()), []

    async def work(number):
        await asyncio.sleep(0.02 / (number + 1))
        done.append(number)

    await asyncio.gather(*(processor.process_update(update(n, 1), work(n)) for n in range(6)))
    assert done == list(range(6)) and processor.waiting_chats == 0


async def test_one_chat_with_a_long_queue_does_not_keep_others_out():
    processor, finished = PerChat(2), []
    hold = asyncio.Event()

    async def wait():
        await hold.wait()

    async def quick():
        finished.append("other chat")

    spam = [asyncio.create_task(processor.process_update(update(n, 1), wait())) for n in range(50)]
    await asyncio.sleep(0)
    await asyncio.wait_for(processor.process_update(update(99, 2), quick()), 5)
    assert finished == ["other chat"]
    hold.set()
    await asyncio.gather(*spam)


async def test_at_most_so_many_at_a_time():
    processor, running, most = PerChat(3), 0, 0

    async def work():
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    await asyncio.gather(*(processor.process_update(update(n, n), work()) for n in range(12)))
    assert most == 3


async def test_finished_is_told_after_the_work_but_not_for_what_was_cancelled():
    told = []
    processor = PerChat(4, finished=lambda one: told.append(one.update_id))

    async def work(seconds):
        await asyncio.sleep(seconds)

    slow = asyncio.create_task(processor.process_update(update(1, 1), work(30)))
    queued = asyncio.create_task(processor.process_update(update(2, 1), work(0)))
    await processor.process_update(update(3, 2), work(0))
    await asyncio.sleep(0)
    queued.cancel()
    slow.cancel()
    await asyncio.gather(slow, queued, return_exceptions=True)
    assert told == [3]
    assert processor.waiting_chats == 0
