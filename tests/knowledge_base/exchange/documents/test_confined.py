"""The process of its own: the same result, the same refusals, and an end for what does not end."""

from __future__ import annotations

import pytest

from knowledge_base.exchange.documents.confined import split_confined
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
