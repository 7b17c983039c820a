"""Documents split into passages: headings, pages and paragraphs as a reader sees them, and files that are no such documents."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.exchange.documents.passages import MOST_CHARACTERS, Passage, Piece, passages_of
from knowledge_base.exchange.documents.splitting import MOST_BYTES, split_document
from knowledge_base.exchange.errors import DocumentRefused
from tests.knowledge_base.exchange.documents.made import docx, locked, pdf

ONE = "Every traveller may bring goods for personal use up to the limit of the day."
TWO = "Whoever brings more than that declares all of it at the red channel."


def passages(data: bytes, name: str = "given") -> list[Passage]:
    return list(split_document(data, name).passages)


def test_html_is_split_at_its_headings():
    page = f"""<!doctype html><html><head><title>Bringing goods</title><script>var x = 1</script></head><body>
      <nav><ul><li>Home and other things that nobody reads as text</li></ul></nav>
      <main><h1>Bringing goods</h1><p>{ONE}</p><h2>Over the <b>limit</b></h2><p>{TWO}</p>
      <ul><li><p>first thing to do</p></li><li>second</li></ul>
      <table><tr><th>Goods</th><th>Free</th></tr><tr><td>beer</td><td>42 litres</td></tr></table></main>
      <footer>Some office with its address and its opening hours</footer></body></html>"""
    document = split_document(page.encode(), "page.html")
    assert (document.kind, document.title, document.notes) == ("html", "Bringing goods", ())
    assert document.passages == (
        Passage(("Bringing goods",), None, (ONE,)),
        Passage(
            ("Bringing goods", "Over the limit"), None,
            (TWO, "- first thing to do", "- second", "- Goods | Free", "- beer | 42 litres"),
        ),
    )  # fmt: skip
    assert document.passages[1].text == f"{TWO}\n\n- first thing to do\n- second\n- Goods | Free\n- beer | 42 litres"
    assert document.passages[1].title == "Over the limit"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1256"])
def test_html_of_other_encodings(encoding):
    text = "كل مسافر له أن يحضر معه أمتعته الشخصية دون رسوم جمركية"
    page = f'<html><head><meta charset="{encoding}"></head><body><p>{text}</p></body></html>'
    assert passages(page.encode(encoding))[0].paragraphs == (text,)


def test_docx_is_split_at_its_headings():
    data = docx(("Heading1", "Goods"), ("", ONE), ("Heading2", "More"), ("", TWO))
    document = split_document(data, "x.docx")
    assert document.kind == "docx"
    assert document.passages == (Passage(("Goods",), None, (ONE,)), Passage(("Goods", "More"), None, (TWO,)))


def test_pdf_has_pages_headings_and_whole_paragraphs():
    first = [("Customs guide", 20, 780), ("Every traveller may bring goods for per-", 11, 740), ("sonal use up to the limit of the day.", 11, 726),
             (TWO, 11, 690), ("- the first thing that has to be done", 11, 670)]  # fmt: skip
    second = [
        ("*What is over", 11, 780),
        ("It is charged at the rate of the tariff,", 11, 760),
        ("whatever its origin may be.", 11, 746),
    ]
    document = split_document(pdf(first, second, title="Guide"), "g.pdf")
    assert (document.kind, document.title) == ("pdf", "Guide")
    assert document.passages == (
        Passage(("Customs guide",), 1, (ONE, TWO, "- the first thing that has to be done")),
        Passage(
            ("Customs guide", "What is over"),
            2,
            ("It is charged at the rate of the tariff, whatever its origin may be.",),
        ),
    )


def test_what_stands_on_every_page_is_left_out():
    pages = [
        [("Office of customs, edition 3", 9, 800), (f"{ONE} Part {n}.", 11, 700), (TWO, 11, 660), (str(n), 9, 40)]
        for n in (1, 2, 3, 4)
    ]
    found = passages(pdf(*pages))
    assert [text for each in found for text in each.paragraphs if "edition" in text or text.strip().isdigit()] == []
    assert sum(text.startswith("Every traveller") for each in found for text in each.paragraphs) == 4


def test_the_lines_of_a_table_of_contents_are_no_text():
    contents = [
        ("Contents", 14, 800),
        ("Wine and spirits that are free . . . . . . . . 12", 11, 780),
        ("Tobacco ........ 14", 11, 764),
    ]
    found = passages(pdf([*contents, ("Wine", 14, 700), (ONE, 11, 670)]))
    assert [(each.headings, each.paragraphs) for each in found] == [(("Wine",), (ONE,))]


def test_a_scan_is_said_to_be_one():
    with pytest.raises(DocumentRefused, match="2 pages and no text: it is a scan.*OCR"):
        split_document(pdf([], []), "scan.pdf")
    document = split_document(pdf([(ONE, 11, 700)], []), "half.pdf")
    assert document.notes == ("Pages without text, left out: 2.",)


def test_a_password():
    data = pdf([(ONE, 11, 700)])
    with pytest.raises(DocumentRefused, match="x.pdf has a password"):
        split_document(locked(data), "x.pdf")
    assert passages(locked(data, user=""))[0].paragraphs == (ONE,), "one that everybody may open is read"


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"just words, no markup", "neither PDF, DOCX nor HTML"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "neither PDF"),
        (b"MZ" + bytes(100) + b"<html>", "neither PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old DOC format or has a password"),
        (b"%PDF-1.7\n" + b"x" * 400, "no PDF that can be read"),
        (b"PK\x03\x04" + b"x" * 50, "damaged"),
        (zipped(xl__workbook_xml=b"<x/>"), "bring it in as a spreadsheet"),
        (zipped(a_exe=b"MZ"), "an archive of other files"),
        (zipped(word__document_xml=b"<x/>"), "no DOCX that can be read|no sentences"),
        (zipped(word__document_xml=b"0" * 60_000_000), "unpacks to more than"),
        (docx(("", ONE), extra={"word/extra.xml": ENTITIES}), "document type"),
        (docx(("", ONE), extra={"word/extra.xml": ENTITIES.decode().encode("utf-16")}), "document type"),
        (b"<html><body><p>short</p></body></html>", "no sentences"),
        (b"<p>" + b"x" * MOST_BYTES, "at most"),
    ],
)
def test_what_is_no_such_document_is_refused_by_its_content(data, told):
    with pytest.raises(DocumentRefused, match=told) as refused:
        split_document(data, "guide.pdf")
    assert "guide.pdf" in str(refused.value)


def test_an_encrypted_member():
    data = bytearray(docx(("", ONE)))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        data[at + place] |= 1
    with pytest.raises(DocumentRefused, match="encrypted|password"):
        split_document(bytes(data), "x.docx")


@settings(max_examples=40)
@given(st.binary(max_size=400), st.integers(0, 3))
def test_no_damage_breaks_it(noise, kind):
    whole = [pdf([(ONE, 11, 700)]), docx(("", ONE)), f"<html><body><p>{ONE}</p>".encode(), b""][kind]
    place = (len(noise) * 37) % (len(whole) + 1)
    try:
        split_document(whole[:place] + noise + whole[place + len(noise) :], "x")
    except DocumentRefused:
        pass


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["heading", "paragraph", "item"]), st.text(min_size=1, max_size=3000), st.integers(1, 6)
        ),
        max_size=8,
    )
)
def test_passages_keep_the_order_and_lose_no_long_text(parts):
    pieces = [
        Piece(kind, " ".join(text.split()) or "x", level if kind == "heading" else 0) for kind, text, level in parts
    ]
    found = passages_of(pieces)
    for passage in found:
        assert (
            passage.title
            and passage.text
            and sum(map(len, passage.paragraphs)) <= MOST_CHARACTERS + 20 * len(passage.paragraphs)
        )
    said = "".join("".join(text.removeprefix("- ") for text in each.paragraphs) for each in found).replace(" ", "")
    for piece in pieces:
        if piece.kind == "paragraph" and sum(sign.isalpha() for sign in piece.text) >= 25:
            assert piece.text.replace(" ", "").removeprefix("-") in said.replace("- ", "") or "- " in piece.text


def test_deep_nesting_ends():
    page = b"<html><body>" + b"<div>" * 20_000 + ONE.encode() + b"</div>" * 20_000
    try:
        split_document(page, "deep.html")
    except DocumentRefused:
        pass
