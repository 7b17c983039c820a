"""KnownWords: a command keeps to its own words."""

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from dialogue.known_words import KnownWords, plain

CONFIG = {"questions": ["ask"], "around": ["greet", "thank"], "strangers": 0.2}
EXAMPLES = [
    ("hello there", "greet"), ("مرحبا", "greet"), ("你好", "greet"), ("thank you very much", "thank"),
    ("i want to talk to a person please", "human"), ("转人工客服", "human"), ("is gold taxed", "ask"),
]  # fmt: skip
TOKENIZER = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())


def message(text, intent, trained=False):
    made = Message({TEXT: text, INTENT: intent if trained else {"name": intent, "confidence": 0.99}})
    made.set(TOKENS_NAMES[TEXT], TOKENIZER.tokenize(made, TEXT) if text.strip() else [])
    return made


@pytest.fixture
def words(tmp_path):
    made = KnownWords(CONFIG, LocalModelStorage(tmp_path), Resource("words"), {})
    made.train(TrainingData([message(text, intent, trained=True) for text, intent in EXAMPLES]))
    return made


def understood(words, text, intent):
    (got,) = words.process([message(text, intent)])
    return got.get(INTENT)["name"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Hello!", "greet"),
        ("hellooooo", "greet"),
        ("helo there", "greet"),  # too short for a slip: "helo" is strange, and half of the message
        ("hello, i want to talk to a person, thank you", "human"),
        ("please talk to a persom", "human"),
        ("مَرحباً", "greet"),
        ("你好，转人工", "human"),
    ],
)
def test_a_command_in_its_own_words_stays(words, text, intent):
    expected = "nlu_fallback" if text.startswith("helo ") else intent
    assert understood(words, text, intent) == expected


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("thank you very much, is champagne taxed", "thank"),
        ("thank you, champagne", "thank"),
        ("你好兔子", "greet"),
        ("hello 12345", "greet"),
        ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "thank"),
        ("😀😀😀", "greet"),
        ("", "greet"),
    ],
)
def test_strange_words_make_it_a_question(words, text, intent):
    assert understood(words, text, intent) == "nlu_fallback"


def test_questions_are_never_taken_back(words):
    assert understood(words, "wholly unheard of words", "ask") == "ask"


def test_no_intent_stays_none(words):
    (got,) = words.process([message("", None)])
    assert got.get(INTENT)["name"] is None


def test_the_words_survive_a_reload(words, tmp_path):
    context = ExecutionContext(GraphSchema({}), node_name="words")
    again = KnownWords.load(CONFIG, LocalModelStorage(tmp_path), Resource("words"), context)
    assert again._words == words._words and again._words["human"]


def test_an_untrained_one_takes_every_command_for_a_question(tmp_path):
    context = ExecutionContext(GraphSchema({}), node_name="words")
    untrained = KnownWords.create(CONFIG, LocalModelStorage(tmp_path), Resource("words"), context)
    assert understood(untrained, "hello", "greet") == "nlu_fallback"


def test_spellings_of_one_word_are_one():
    assert plain("Café!") == "cafe"
    assert plain("أهلاً") == plain("اهلا")
    assert plain("علیکم") == plain("عليكم")
    assert plain("heyyyy") == "hey"
    assert plain("हिंदी") == "हिंदी"
