"""Takes back a command or small talk when the message holds words that do not belong to it.

"Thank you, but does that include champagne" is a question, however sure a classifier that counts letters is of "thank you".
So a message stays a command only while nearly all its words occur in the examples of that command, or in those of small
talk, which may stand around it ("hello, a human please, thanks"). Otherwise it becomes a question, and search decides.
Misspellings by one letter and drawn-out letters ("hellooo") count as the word that they are meant to be.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

WORDS_FILE = "words.json"
SHORTEST_MISSPELT = 5  # letters; a slip in a shorter word makes another word too easily ("gold" and "good")
LONGEST_DRAWN_OUT = 20  # letters; "hellooooo" is a greeting, a page of one letter is not

_MARKS = re.compile("[\u0300-\u036f\u064b-\u0652\u0640]")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_HAN = re.compile("[\u3400-\u9fff]")
_ALIKE = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ہ": "ه", "ё": "е", "’": "'"}
)


def plain(word: str) -> str:
    """The word without case, accents, vowel signs of Arabic, variants of one letter, and drawn-out letters."""
    word = _MARKS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    word = unicodedata.normalize("NFC", word).translate(_ALIKE)
    if len(word) <= LONGEST_DRAWN_OUT:
        word = _DRAWN_OUT.sub(r"\1", word)
    return word.strip("'.,;:!?-_()…")


def words_of(message: Message) -> list[str]:
    """The plain words of a message; Chinese, which has no gaps, counts by the character."""
    words: list[str] = []
    for token in message.get(TOKENS_NAMES[TEXT]) or []:
        if _HAN.search(token.text):
            words.extend(character for character in token.text if character.isalnum())
        elif word := plain(token.text):
            words.append(word)
    return words


def one_letter_less(word: str) -> set[str]:
    """The word and each form with a letter missing: two words that share a form are a slip apart."""
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnownWords(GraphComponent, IntentClassifier):
    """Turns an intent into the fallback when too many words of the message are strange to it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`questions`: intents that are never taken back; `around`: intents whose words may stand around any other;
        `strangers`: the largest share of strange words."""
        return {"questions": [], "around": [], "strangers": 0.2}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, words: dict[str, list[str]]
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._take(words)

    def _take(self, words: dict[str, list[str]]) -> None:
        self._words = words
        around = {word for intent in self._config["around"] for word in words.get(intent, [])}
        self._known = {intent: around | set(own) for intent, own in words.items()}
        self._slips = {
            intent: {form for word in known if len(word) >= SHORTEST_MISSPELT for form in one_letter_less(word)}
            for intent, known in self._known.items()
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnownWords:
        """An untrained one: it knows no word and so takes back every command."""
        return cls(config, model_storage, resource, {})

    def train(self, training_data: TrainingData) -> Resource:
        """Collect the words of each command's examples."""
        words: dict[str, set[str]] = {}
        for example in training_data.intent_examples:
            intent = example.get(INTENT)
            if intent and intent not in self._config["questions"]:
                words.setdefault(intent, set()).update(words_of(example))
        self._take({intent: sorted(own) for intent, own in sorted(words.items())})
        with self._model_storage.write_to(self._resource) as folder:
            (folder / WORDS_FILE).write_text(json.dumps(self._words, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnownWords:
        """The one that was trained. Raises when its words are missing: the model is damaged then."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, words)

    def is_strange(self, word: str, intent: str) -> bool:
        """Whether no example of the intent, or of what may stand around it, holds the word or one a slip away."""
        if word in self._known.get(intent, ()):
            return False
        if len(word) < SHORTEST_MISSPELT or any(character.isdigit() for character in word):
            return True
        return one_letter_less(word).isdisjoint(self._slips.get(intent, ()))

    def belongs(self, words: list[str], intent: str | None) -> bool:
        """Whether a message of these words may be of this intent."""
        if intent is None or intent in self._config["questions"]:
            return True
        strangers = sum(self.is_strange(word, intent) for word in words)
        return bool(words) and strangers <= self._config["strangers"] * len(words)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the fallback intent where the words do not belong; the same messages come back."""
        for message in messages:
            intent = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
            if not self.belongs(words_of(message), intent):
                fallback = {INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME, PREDICTED_CONFIDENCE_KEY: 1.0}
                message.set(INTENT, fallback, add_to_output=True)
                message.set(
                    INTENT_RANKING_KEY, [fallback, *(message.get(INTENT_RANKING_KEY) or [])], add_to_output=True
                )
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add for later components."""
        return training_data
