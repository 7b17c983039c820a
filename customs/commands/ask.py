"""`customs ask`: a question on the command line, by the same actions as in the chat, without Rasa."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from customs.settings import Settings


@click.command(name="ask")
@click.argument("question")
@click.option("--administration", "-a", help="ae, us, gb, eu: whose rules; else from the question.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Answer for this day.")
@click.option("--language", "-l", help="Language of the asker when the question does not show it.")
@click.option("--why", is_flag=True, help="Show the ranked candidates, their scores and the verdict.")
def command(question: str, administration: str | None, day: Any, language: str | None, why: bool) -> None:
    """Answer QUESTION and name the source, as the chat would."""
    from actions.base import Service
    from actions.knowledge import Knowledge

    settings = Settings()
    if administration and administration not in settings.administrations:
        raise click.BadParameter(
            f"{administration!r} is not served; one of {', '.join(settings.administrations)}.",
            param_hint="--administration",
        )
    if language and language not in settings.languages:
        raise click.BadParameter(
            f"{language!r} is not spoken; one of {', '.join(settings.languages)}.", param_hint="--language"
        )
    if not question.strip():
        raise click.BadParameter("is empty; write the question in quotes.", param_hint="QUESTION")
    Service.start(settings, Knowledge(settings))
    message = asyncio.run(ask(question, administration, language, day.date().isoformat() if day else None))
    click.echo(message["text"])
    for button in message.get("buttons") or []:
        click.echo(f"  [{button['title']}]")
    custom = message["custom"]
    click.echo(
        f"\n({' '.join(str(custom[key]) for key in ('outcome', 'reason', 'administration', 'entry', 'release') if custom[key])})"
    )
    if why:
        _explain(question, administration or custom["administration"], custom["language"], day)


async def ask(text: str, administration: str | None, language: str | None, day: str | None) -> dict[str, Any]:
    """The message that the question action utters: text, buttons and the custom payload."""
    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    from actions.answer import AnswerQuestion

    metadata = {"administration": administration, "language": language, "date": day, "channel": "cli"}
    message = {"text": text, "metadata": metadata, "entities": [], "intent": {"name": "ask_question"}}
    tracker = Tracker("cli", {}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    await AnswerQuestion().run(dispatcher, tracker, {})
    return dispatcher.messages[0]


def _explain(question: str, administration: str | None, language: str, day: Any) -> None:
    from datetime import date

    from actions.base import Service
    from knowledge_base.search import Question

    found = Service.knowledge.searcher.search(
        Question(question, administration, language=language, date=day.date() if day else date.today())
    )
    verdict = found.verdict
    click.echo(f"\nverdict: {verdict.kind}{' ' + verdict.reason if verdict.reason else ''}")
    scope = ", ".join(f"{label} {share:.0%}" for label, share in sorted(found.scope.items(), key=lambda item: -item[1]))
    click.echo(f"scope:   {scope}")
    click.echo("sure   score  question answer words entry")
    for candidate in found.candidates:
        click.echo(
            f"{candidate.probability:5.0%}  {candidate.score:.3f}  {candidate.best_question:.3f}    {candidate.answer:.3f}  "
            f"{candidate.lexical:.2f}  {candidate.entry.id}   nearest: {candidate.phrasing!r}"
        )
    click.echo("time:    " + ", ".join(f"{stage} {seconds * 1000:.1f} ms" for stage, seconds in found.seconds.items()))
