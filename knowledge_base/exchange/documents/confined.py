"""Splitting in a process of its own with little memory and time: a file made to exhaust a library exhausts only that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict

from knowledge_base.exchange.documents.passages import Document, Passage
from knowledge_base.exchange.documents.splitting import MOST_BYTES, split_document
from knowledge_base.exchange.errors import DocumentRefused
from knowledge_base.said import Said

SECONDS = 60
MEMORY = 1024 * 1024 * 1024
_PACKAGE = "knowledge_base.exchange.documents.confined"


def split_confined(data: bytes, name: str, seconds: int = SECONDS) -> Document:
    """`split_document` for a file that anybody may have made. Raises `DocumentRefused`, also when it takes too long or too much memory."""
    if len(data) > MOST_BYTES:
        raise DocumentRefused(
            Said(
                "{name} has {size:,} bytes; at most {most:,} are read. Split it.",
                name=name,
                size=len(data),
                most=MOST_BYTES,
            )
        )
    environment = {
        key: value for key, value in os.environ.items() if key in ("PATH", "PYTHONPATH", "LANG", "SYSTEMROOT")
    }
    environment |= {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONIOENCODING": "utf-8"}
    too_much = DocumentRefused(
        Said(
            "{name} takes more than {seconds} seconds or too much memory to read; save it anew, or split it.",
            name=name,
            seconds=seconds,
        )
    )
    try:
        done = subprocess.run(
            [sys.executable, "-m", _PACKAGE, name, str(seconds)], input=data, capture_output=True, timeout=seconds + 5, env=environment, check=False
        )  # fmt: skip
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise too_much from None
    except ValueError:  # it was ended before it could say anything
        raise too_much from None
    if "refused" in answer:
        raise DocumentRefused(answer["refused"])
    passages = tuple(
        Passage(tuple(each["headings"]), each["page"], tuple(each["paragraphs"])) for each in answer["passages"]
    )
    return Document(answer["kind"], answer["title"], passages, tuple(answer["notes"]))


def limit(seconds: int) -> None:
    """Keep this process to so many seconds of the processor, to MEMORY, and from writing files."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time is watched from outside
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """What runs in the process: the file on the standard input, JSON on the output."""
    name, seconds = sys.argv[1], int(sys.argv[2])
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    limit(seconds)
    try:
        answer = asdict(split_document(data, name))
    except DocumentRefused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": Said("{name} takes too much memory to read; save it anew, or split it.", name=name)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
