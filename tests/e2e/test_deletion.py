"""What a person deletes is gone from every file of the real service: chat, dialogue engine, action server."""

from __future__ import annotations

import requests

WORD = "zzsecretzz"


def holding(service, word: str) -> list[str]:
    """The stores' files in which `word` stands."""
    files = [path for path in service.var_dir.rglob("*") if path.is_file() and ".db" in path.name]
    assert len(files) >= 4
    return sorted(path.name for path in files if word.encode() in path.read_bytes())


def test_a_rated_conversation_is_deleted_everywhere(service, talk):
    mine, other = talk(administration="gb"), talk(administration="gb")
    for one in (mine, other):
        word = WORD if one is mine else "yysecretyy"
        one.send(f"how many cigarettes can i bring, my ship is the {word}")
        one.send(payload='/give_feedback{"rating":"up"}')
    before = holding(service, WORD)
    assert {"conversations.db", "chat.db", "feedback.db"} <= {name.removesuffix("-wal") for name in before}, before
    answer = requests.delete(f"{service.url}/api/v1/conversations/{mine.conversation}", timeout=60)
    assert answer.status_code == 200 and answer.json()["dialogue_deleted"] is True
    assert holding(service, WORD) == []
    assert holding(service, "yysecretyy")
