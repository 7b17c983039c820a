import re

import pytest

from benchmarks.soak_talks import NUMBERS, normal, numbers_in, talks


def test_every_language_administration_and_kind_once():
    found = talks()
    assert len(found) == 8 * 4 * 4 == len({talk.name for talk in found}) == len({talk.number for talk in found})
    assert {talk.administration for talk in found[:16]} == {"ae", "us", "gb", "eu"}, "neighbours differ"
    assert len({talk.language for talk in found[:16]}) > 4


def test_a_talk_says_its_own_number_and_no_other():
    for talk in talks():
        said = " ".join(step.text for step in talk.steps)
        assert talk.number in numbers_in(normal(said)), talk.name
        assert not (numbers_in(normal(said)) - {talk.number}) & set(NUMBERS), talk.name
        assert not re.search(r"[{}]", said), "every place is filled in"


def test_a_press_names_the_talks_own_administration():
    pressed = {
        (talk.administration, step.press) for talk in talks() for step in talk.steps if "administration" in step.press
    }
    assert pressed == {(one, f'/change_administration{{"administration":"{one}"}}') for one in ("ae", "us", "gb", "eu")}


def test_more_talks_than_numbers_are_refused(tmp_path):
    path = tmp_path / "talks.yml"
    places = ", ".join(f"a{number}: x" for number in range(len(NUMBERS) + 1))
    path.write_text(
        f"places: {{en: {{{places}}}}}\nkinds: {{one: [first]}}\nwords: {{en: {{first: '{{n}}'}}}}\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="only"):
        talks(path)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("61,017 cigarettes", "61017 cigarettes"),
        ("61 017 €", "61017 €"),
        ("\u2068٦١٬٠١٧\u2069  سيجارة", "61017 سيجارة"),
        ("१,०१७ और 1.5", "1017 और 1.5"),
        ("2.017, 3 und 1,5", "2017, 3 und 1,5"),
    ],
)
def test_numbers_read_alike_however_a_language_writes_them(written, plain):
    assert normal(written) == plain
