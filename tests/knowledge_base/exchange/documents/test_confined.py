"""The process of its own: the same result, the same refusals, and an end for what does not end."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from customs.settings import ROOT
from knowledge_base.exchange.documents import confined
from knowledge_base.exchange.documents.confined import split_confined
from knowledge_base.exchange.documents.passages import Document
from knowledge_base.exchange.documents.splitting import split_document
from knowledge_base.exchange.errors import DocumentRefused
from tests.knowledge_base.exchange.documents.made import docx, pdf

TEXT = "Every traveller may bring goods for personal use up to the limit of the day."


def test_it_says_what_it_says_outside():
    for data in (pdf([(TEXT, 11, 700)]), docx(("Heading1", "العنوان"), ("", TEXT))):
        assert split_confined(data, "x") == split_document(data, "x")


def test_refusals_come_through():
    with pytest.raises(DocumentRefused, match="x.pdf has 1 pages and no text"):
        split_confined(pdf([]), "x.pdf")


def test_what_does_not_end_is_ended():
    """A page of a million pieces, with one second of the processor."""
    data = ("<html><body>" + f"<p>{TEXT}</p>" * 200_000).encode()
    with pytest.raises(DocumentRefused, match="more than 1 seconds or too much memory"):
        split_confined(data, "large.html", seconds=1)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("bytearray(2 << 30)", "MemoryError"),
        ("open('written', 'w').write('x' * 100_000)", "File too large|SIGXFSZ|OSError"),
    ],
)
def test_the_process_has_little_memory_and_writes_no_files(code, told, tmp_path):
    program = f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nfrom knowledge_base.exchange.documents.confined import limit; limit(10)\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode != 0 and re.search(told, done.stderr)


def test_the_limits_are_set_before_a_byte_is_read(monkeypatch, capsys):
    """Everything that a library does happens under them."""
    order: list[str] = []
    monkeypatch.setattr(confined, "limit", lambda seconds: order.append("limit"))
    monkeypatch.setattr(
        confined, "split_document", lambda data, name: order.append("split") or Document("html", "t", ())
    )
    monkeypatch.setattr(sys, "argv", ["confined", "x", "5"])
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"<p>")))
    confined.main()
    assert order == ["limit", "split"] and '"kind": "html"' in capsys.readouterr().out
