"""The golden replies: what was asked (questions.yml) and what the real service replied (replies/<language>/<id>.yml)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.replies import Reply

HERE = Path(__file__).parent
LANGUAGES = ("en", "ar", "es", "ur")


@dataclass(frozen=True)
class Golden:
    """One reply of the real service: its name `<language>/<id>`, what was said before it, on which day, from which release."""

    name: str
    asked: list[str]
    day: str
    release: str
    reply: Reply

    @property
    def language(self) -> str:
        """The language of the page on which it was asked."""
        return self.name.partition("/")[0]


def questions() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each talk of questions.yml with its language, in order."""
    for language, talks in yaml.safe_load((HERE / "questions.yml").read_text(encoding="utf-8")).items():
        for talk in talks:
            yield language, talk


def path_of(name: str) -> Path:
    """Where the reply `<language>/<id>` is kept."""
    return HERE / "replies" / f"{name}.yml"


def write(golden: Golden) -> None:
    """Keep a reply, less what differs from one conversation to the next."""
    reply = {key: value for key, value in golden.reply.as_dict().items() if key not in {"conversation", "request_id"}}
    kept = {"asked": golden.asked, "day": golden.day, "release": golden.release, "reply": reply}
    path = path_of(golden.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=110), encoding="utf-8")


def read(name: str) -> Golden:
    """The reply `<language>/<id>`. Raises FileNotFoundError for one that was never recorded."""
    kept = yaml.safe_load(path_of(name).read_text(encoding="utf-8"))
    reply = Reply(conversation="golden", request_id="golden", **kept.pop("reply"))
    return Golden(name=name, reply=reply, **kept)


def read_all() -> list[Golden]:
    """Every golden reply, in the order of questions.yml."""
    return [read(f"{language}/{talk['id']}") for language, talk in questions()]
