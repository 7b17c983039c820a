"""The dialogue's files agree with each other and with the contracts."""

from collections import Counter

import pytest
import yaml
from rasa.shared.importers.importer import TrainingDataImporter

from customs.settings import ROOT, Settings

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text())
LANGUAGES = Settings({}).languages
PAYLOAD_ONLY = {
    "start", "choose_entry", "set_fact", "edit_line", "remove_line", "confirm_heading", "go_back", "calculate_again", "give_up",
}  # fmt: skip
# The payloads of docs/contracts.md: intent → keys.
PAYLOADS = {
    "start": {"entry"},
    "change_administration": {"administration"},
    "change_language": {"language"},
    "choose_entry": {"entry"},
    "give_feedback": {"rating", "reason"},
    "check_allowance": {"administration"},
    "estimate_duty": {"administration"},
    "declare_cash": {"administration"},
    "set_fact": {"fact", "value"},
    "edit_line": {"line"},
    "remove_line": {"line"},
    "confirm_heading": {"line", "good"},
    "go_back": set(),
    "calculate_again": set(),
    "give_up": set(),
    "ask_human": set(),
    "help": set(),
    "restart": set(),
}


def rules():
    """Intent → action of every rule."""
    for file in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in yaml.safe_load(file.read_text())["rules"]:
            intent, action = rule["steps"]
            yield intent["intent"], action["action"]


def examples(language):
    """(intent, example) of one language's file."""
    for part in yaml.safe_load((ROOT / "data" / "nlu" / f"{language}.yml").read_text())["nlu"]:
        for line in part["examples"].splitlines():
            yield part["intent"], line.removeprefix("- ").strip()


def test_every_intent_has_one_rule():
    assert Counter(intent for intent, _ in rules()) == Counter([*DOMAIN["intents"], "nlu_fallback"])


def test_every_action_is_used_and_declared():
    fallback = {policy.get("core_fallback_action_name") for policy in config()["policies"]}
    assert fallback == {"action_answer_question"}
    checks = {f"validate_{form}" for form in DOMAIN["forms"]}
    assert {action for _, action in rules()} | checks == set(DOMAIN["actions"])


def test_every_form_asks_for_the_one_slot_that_is_never_filled():
    assert {tuple(form["required_slots"]) for form in DOMAIN["forms"].values()} == {("fact",)}
    # Rasa would ask by itself if it found words for it, beside what the check says.
    assert not [name for name in DOMAIN["actions"] if "ask_fact" in name]


def config():
    return yaml.safe_load((ROOT / "config.yml").read_text())


def test_payloads_of_the_contract_are_understood():
    entities = {name for entity in DOMAIN["entities"] for name in entity}
    for intent, keys in PAYLOADS.items():
        assert intent in DOMAIN["intents"]
        assert keys <= entities


def test_no_slot_sways_the_rules():
    for name, slot in DOMAIN["slots"].items():
        assert slot["influence_conversation"] is False, name
        assert slot["mappings"] == [{"type": "custom"}], name


def test_questions_are_never_taken_back():
    (known_words,) = (part for part in config()["pipeline"] if part["name"].endswith("KnownWords"))
    asks = {intent for intent, action in rules() if action == "action_answer_question"} - {"nlu_fallback"}
    assert set(known_words["questions"]) == asks


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_examples_of_every_intent(language):
    counts = Counter(intent for intent, _ in examples(language))
    assert set(counts) == set(DOMAIN["intents"]) - PAYLOAD_ONLY
    assert min(counts.values()) >= 8, counts
    assert counts["ask_question"] >= 60


def test_no_example_stands_under_two_intents():
    seen = {}
    for language in LANGUAGES:
        for intent, example in examples(language):
            assert seen.setdefault(example.casefold(), intent) == intent, (
                f"{example!r} is {seen[example.casefold()]} too"
            )


def test_no_held_out_message_has_been_trained_on():
    held_out = yaml.safe_load((ROOT / "tests" / "dialogue" / "held_out.yml").read_text())
    trained = {example.casefold() for language in LANGUAGES for _, example in examples(language)}
    assert [message for part in held_out.values() for message in part if message.casefold() in trained] == []


def test_rasa_reads_the_files_without_a_warning(recwarn):
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules")]
    )
    assert importer.get_domain().is_empty() is False
    assert len(importer.get_nlu_data().intent_examples) > 2000
    told = [str(warning.message) for warning in recwarn if issubclass(warning.category, UserWarning)]
    # Slots and payload values share their names, and the actions set the slots: Rasa remarks on it.
    assert [text for text in told if "auto-fill" not in text] == []
