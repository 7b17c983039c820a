"""Slang, abbreviations and brands get the plain name beside them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.errors import PackError
from knowledge_base.index.plain_names import NAMES, explain, read_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2 cartons of smokes", "cigarettes"),
        ("ciggies", "cigarettes"),
        ("some baccy for my dad", "hand-rolling tobacco"),
        ("10 heets", "heated tobacco sticks"),
        ("vape juice 50ml", "electronic cigarette"),
        ("naswar from peshawar", "smokeless tobacco"),
        ("got booze", "alcohol"),
        ("a bottle of fizz", "wine"),
        ("smirnoff 1l", "spirits"),
        ("ten grand", "cash"),
        ("50 quid", "pounds"),
        ("30000 dhs", "dirhams"),
        ("is the price CIF", "value including cost, insurance and freight"),
        ("sold DDP", "delivered with duty paid by the seller"),
        ("COO missing", "certificate of origin"),
        ("10+2 filing", "importer security filing"),
        ("form 7501", "entry summary, CBP Form 7501"),
        ("fill in 6059B", "customs declaration form 6059B"),
        ("SAD form", "customs declaration"),
        ("a gmr for the lorry", "goods vehicle movement service"),
        ("T1 opened in hamburg", "customs transit"),
        ("C-TPAT member", "authorised economic operator, trusted trader"),
        ("quiero pasar unas cajetillas", "cigarettes"),
        ("je ramène des clopes", "cigarettes"),
        ("блок сиги", "cigarettes"),
        ("معي كاش", "cash"),
        ("والكاش كم", "cash"),
        ("الزقاير كم مسموح", "cigarettes"),
        ("خمس جوالات", "mobile phone"),
        ("थोड़ी खैनी", "smokeless tobacco"),
        ("تھوڑا گٹکا", "smokeless tobacco"),
        ("可以带茅台吗", "spirits"),
    ],
)
def test_a_term_has_its_plain_name_beside_it(text, name):
    assert f"({name})" in explain(text)


@pytest.mark.parametrize(
    "text",
    [
        "i am sad about my cds and dvds",
        "my dog rex",
        "tib the cat",
        "dap me up",
        "coo says the pigeon",
        "खाना और पानी",  # `पान` and `खैनी` are other words
        "كم المسموح",
        "",
        "🎁",
    ],
)
def test_what_only_looks_like_a_term_is_left_alone(text):
    assert explain(text) == text


def test_a_name_that_the_text_says_already_is_not_repeated():
    assert explain("smokes, that is cigarettes") == "smokes, that is cigarettes"
    assert explain("smokes and ciggies").count("(cigarettes)") == 1


def test_a_term_in_capitals_is_found_in_capitals_only(tmp_path):
    path = tmp_path / "slang.yml"
    path.write_text("form: [SAD]\ntobacco: [baccy]\n", encoding="utf-8")
    assert explain("SAD, Baccy, BACCY", path) == "SAD (form), Baccy (tobacco), BACCY"
    assert explain("sad", path) == "sad"


def test_a_term_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "slang.yml"
    path.write_text("form: [7501]\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"7501 under 'form' is not text\. Put it in quotes\."):
        explain("7501", path)


def test_every_term_of_ours_is_found():
    spaced, unspaced = read_names(NAMES)
    assert len(spaced) > 500 and unspaced
    for term, name in spaced.items():
        said = explain("xx " + " ".join(term) + " xx")
        assert f"({name})" in said or name.lower() in said.lower() or "(" in said, (term, name)


@pytest.mark.parametrize("text", ["Ciggies", "CIGGIES", "ciggies's", "baccys", "two baccies and my smokes’s box", "للكاش", "بالكاش"])
def test_a_term_is_found_in_capitals_in_the_plural_and_behind_what_is_written_to_it(text):
    assert "(" in explain(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_taken_and_kept(text):
    assert explain(text).startswith(text[:1])
