"""`customs ask`: a question on the command line, by the same actions as in the chat, without Rasa."""

from __future__ import annotations

import asyncio
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from customs.settings import Settings

if TYPE_CHECKING:
    from knowledge_base.search import Searcher


@click.command(name="ask")
@click.argument("question")
@click.option("--administration", "-a", help="ae, us, gb, eu: whose rules; else from the question.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Answer for this day.")
@click.option("--language", "-l", help="Language of the asker when the question does not show it.")
@click.option("--why", is_flag=True, help="Say in words what decided and what would change it, and show the scores.")
def command(question: str, administration: str | None, day: datetime | None, language: str | None, why: bool) -> None:
    """Answer QUESTION and name the source, as the chat would.

    Exit codes: 0 there is a reply (an answer, a question back, a decline), 1 there is none, 2 wrong use.
    """
    from bot.turn import clean_text

    settings = Settings()
    _check("--administration", administration, settings.administrations)
    _check("--language", language, settings.languages)
    # As the channels do it: a question is one clean line, and nothing that is typed is a payload.
    text, cut = clean_text(question, settings.max_question_chars)
    if not text:
        raise click.BadParameter("is empty; write the question in quotes.", param_hint="QUESTION")
    if cut:
        click.echo(f"customs: only the first {settings.max_question_chars} characters were read.", err=True)
    searcher = _start(settings)
    served = searcher.release.shelves
    if administration and administration not in served:
        raise click.ClickException(
            f"The served release holds {', '.join(served)} and not {administration!r}. Run `bin/customs build`."
        )
    asked_for = day.date() if day else date.today()
    message = asyncio.run(ask(text, administration, language, asked_for.isoformat()))
    click.echo(_readable(message))
    if why:
        custom = message["custom"]
        _explain(searcher, text, administration or custom["administration"], custom["language"], asked_for)
    if message["custom"]["outcome"] == "failed":
        sys.exit(1)


def _check(option: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise click.BadParameter(f"{value!r} is not served; one of {', '.join(known)}.", param_hint=option)


def _start(settings: Settings) -> Searcher:
    """Open the knowledge base for the actions; a fault is one line that names the remedy."""
    from actions.base import Service
    from actions.knowledge import Knowledge
    from knowledge_base.index.release import CURRENT, read_manifest

    try:
        read_manifest(settings.var_dir / "releases" / CURRENT)  # before the encoder, which takes seconds to load
        knowledge = Knowledge(settings)
        searcher = knowledge.searcher
    except Exception as error:  # encoder, weights, release: whichever it is, the message says what to do
        raise click.ClickException(str(error) or repr(error)) from error
    Service.start(settings, knowledge)
    return searcher


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


def _readable(message: dict[str, Any]) -> str:
    custom = message["custom"]
    lines = [message["text"], *(f"  [{button['title']}]" for button in message.get("buttons") or [])]
    facts = [custom[key] for key in ("outcome", "reason", "administration", "entry", "release") if custom[key]]
    return "\n".join([*lines, "", f"({' '.join(facts)})"])


def _explain(searcher: Searcher, question: str, administration: str | None, language: str, day: date) -> None:
    from knowledge_base.explanation import explain_verdict
    from knowledge_base.search import Question

    found = searcher.search(Question(question, administration, language=language, date=day))
    click.echo()
    for sentence in explain_verdict(found, searcher.release):
        click.echo(f"- {sentence}")
    scope = ", ".join(f"{label} {share:.0%}" for label, share in sorted(found.scope.items(), key=lambda item: -item[1]))
    click.echo(f"\nscope:   {scope}")
    click.echo("sure   score  question answer words apart entry")
    for candidate in found.candidates:
        click.echo(
            f"{candidate.probability:5.0%}  {candidate.score:.3f}  {candidate.best_question:.3f}    {candidate.answer:.3f}  "
            f"{candidate.lexical:.2f} {candidate.apart:+.2f}  {candidate.entry.id}   nearest: {candidate.phrasing!r}"
        )
    click.echo("time:    " + ", ".join(f"{stage} {seconds * 1000:.1f} ms" for stage, seconds in found.seconds.items()))
