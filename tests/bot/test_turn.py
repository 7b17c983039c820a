import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.turn import PAYLOADS, PayloadError, Turn, check_payload, clean_text, new_request_id

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates too
AWKWARD = st.text(
    st.sampled_from("/ \n\t\x00\u200c\u200d\u202e\u2067\ud800\ufeff\u00adeé\u0301\u06a9\u0915\u094d👩🏽x")
)


@given(ANY_TEXT | AWKWARD, st.integers(1, 30))
@example("/ /\u200d/restart", 30)
@example("e\u200d\u0301", 30)
def test_clean_text_is_safe_for_any_string(raw, limit):
    text, cut = clean_text(raw, limit)
    text.encode("utf-8")
    assert len(text) <= limit
    assert not text.startswith("/")
    assert text == text.strip() and "  " not in text
    assert unicodedata.is_normalized("NFC", text)
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in text)
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff\u00ad")
    assert clean_text(text, limit) == (text, False)
    assert cut == (len(clean_text(raw, 10**6)[0]) > limit)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  how   much\n\tcash  ", "how much cash"),
        ("/restart", "restart"),
        ('/ //change_language{"language":"ar"}', 'change_language{"language":"ar"}'),
        ("wi\u200bne\u200d", "wine"),
        ("\u202egnihtemos\u202c", "gnihtemos"),
        ("cafe\u0301", "café"),
        ("\x00\ud83d", ""),
        ("\u3164\u2800", ""),
        ("نہیں\u200cہے", "نہیں\u200cہے"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d✈️", "👩\u200d✈️"),
    ],
)
def test_clean_text_keeps_what_people_see(raw, text):
    assert clean_text(raw, 1000) == (text, False)


def test_clean_text_says_when_it_cuts():
    assert clean_text("x" * 1000, 1000) == ("x" * 1000, False)
    assert clean_text("x" * 1001, 1000) == ("x" * 1000, True)


@pytest.mark.parametrize(
    "payload",
    [
        "/start",
        '/start{"entry":"ae.alcohol.allowance"}',
        '/change_administration{"administration":"gb"}',
        '/give_feedback{"rating":"down","reason":"no_answer"}',
        "/ask_human",
    ],
)
def test_payloads_of_the_contract_pass(payload):
    assert check_payload(payload) == payload


def test_a_payload_gets_one_spelling():
    assert check_payload('/give_feedback{ "rating" : "up" }') == '/give_feedback{"rating":"up"}'
    assert check_payload("/help{}") == "/help"


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (7, "is text"),
        ("start", "looks like"),
        ("/session_start", "No button sends /session_start"),
        ("/start\n", "looks like"),
        ('/start{"entry":"a b"}', "does not match"),
        ('/start{"entry":"a\\n"}', "does not match"),
        ('/start{"entry":["a"]}', "does not match"),
        ('/start{"administration":"ae"}', "takes entry"),
        ('/help{"entry":"a"}', "takes no key"),
        ("/change_language", "needs language"),
        ('/give_feedback{"rating":"best"}', "does not match"),
        ("/start{[}", "not a JSON object"),
        ('/start{"entry":"' + "a" * 65 + '"}', "does not match"),
        ("/start" + " " * 200, "at most 200"),
    ],
)
def test_other_payloads_are_refused_with_the_reason(payload, says):
    with pytest.raises(PayloadError, match=says):
        check_payload(payload)


@given(st.text(max_size=250) | st.builds("/{}{}".format, st.sampled_from(sorted(PAYLOADS)), st.text(max_size=40)))
def test_check_payload_never_fails_otherwise(raw):
    try:
        assert check_payload(check_payload(raw)) == check_payload(raw)
    except PayloadError:
        pass


def test_typed_text_never_becomes_a_payload_even_if_a_channel_forgets_to_clean_it():
    assert Turn("c", "//restart", "web").message == "restart"
    assert Turn("c", "Great Britain", "web", payload="/restart").message == "/restart"


def test_metadata_holds_only_the_hints_that_are_known():
    assert Turn("c", "hi", "web", language="ar", request_id="r", name="7").metadata == {
        "channel": "web",
        "request_id": "r",
        "language": "ar",
        "message": "7",
    }


def test_request_ids_differ_and_sort_by_time():
    ids = [new_request_id() for _ in range(200)]
    assert len(set(ids)) == 200 and {len(one) for one in ids} == {26}
    assert [one[:10] for one in ids] == sorted(one[:10] for one in ids)
