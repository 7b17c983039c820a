"""Short messages that lean on the one before: "and to london?", "what about my wife?"; and what is left of a greeting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol


class Span(Protocol):
    """A stretch of a text: a place that was found in it."""

    start: int
    end: int


_WORD = re.compile(r"[\w'’\u0300-\u036f\u064b-\u065f\u0900-\u097f\u200c\u200d]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that say nothing beside a place: "and how about to ...", "was ist mit" has no place here, it is no language of ours.
FILLERS = _words(
    "a about also am an and are arriving arrive at but by can case country customs do else entering false flight fly flying for from go going heading how i if im i'm in "
    "instead into is it it's just like me mean meant my no not of ok okay on one or please return returning rules same so talking tell that the "
    "then there this to too travel traveling travelling trip via visiting was we we're what what's whats when with you "
    "y e a al el la las los en para por de del desde hacia hasta si sí que qué tal pasa sobre pero voy viajo vamos viajando mismo lo mismo es eso aduana reglas "
    "et à a au aux vers pour de du des depuis en dans le la les l si et qu'en est il quid ou où mais je vais voyage aller même chose c'est règles "
    "а и в во на из для если как насчет насчёт что по про то же самое а если лечу еду летим едем правила таможня "
    "و في فى من إلى الى ل ب عن على ماذا عن لو إذا اذا وماذا وإلى والى وفي ومن طيب بالنسبة نفس الشيء أنا مسافر السفر شو وش وإذا "
    "और को में मे से के की का लिए अगर तो क्या यदि बारे जाना जा रहा हूँ हूं भी वहाँ वहां "
    "اور کو میں سے کے کی کا لیے لئے اگر تو کیا بارے جانا جا رہا ہوں بھی وہاں "
    "aur agar to kya ke liye baare mein bhi ka ki se me main ja raha hoon wa w ila law tayeb tab".casefold()
)
_CHINESE = re.compile("[那呢吗去到在从的和还有是如果要我来说怎么样]")

# A message that begins so goes on with what was asked before.
_LEADS = re.compile(
    r"^(?:ok(?:ay)?\b[ ,]*)?(?:"
    r"(?:and|what about|how about|what if|but if|and if|also|then|so if|or)\b"
    r"|(?:y|¿y|e|qué pasa con|que pasa con|qué tal|que tal|pero si)\b|(?:et|et si|mais si|qu'en est-il|ou)\b"
    r"|(?:а|и|а если|но если|как насчет|как насчёт)\b|(?:وماذا|وإذا|واذا|ولو|طيب|ماذا عن|ماذا لو|و)"
    r"|(?:और|अगर|तो|लेकिन)(?=\s)|(?:اور|اگر|تو|لیکن)(?=\s)|(?:aur|agar|lekin)\b|(?:那|如果|还有|要是))",
    re.IGNORECASE,
)
_MOST_WORDS = 8
_MOST_CHINESE = 16

_SMALL_TALK = _words(
    "ok okay hi hello hey heyy hii hiii helo hallo yo sup howdy good morning afternoon evening night day gm gn bye byee goodbye cya later thanks thank thx thnx thankyou ty cheers "
    "much very lot so you're your u welcome nice great cool perfect fine super awesome yes yeah yep yup ya no nope nah sure sir madam friend there bot dear greetings greeting team "
    "all help helpful appreciated appreciate see soon well done alright right got understood many lots anyone hope everyone "
    "hola buenas buenos días dias tardes noches gracias muchas adiós adios chao hasta luego vale bien perfecto genial sí no amigo saludos "
    "bonjour bonsoir salut merci beaucoup bien au revoir coucou oui non d'accord super parfait bonne journée soirée madame monsieur "
    "привет здравствуйте здравствуй добрый доброе день вечер утро спасибо большое пока до свидания да нет хорошо ясно понятно "
    "مرحبا مرحباً أهلا أهلاً اهلا السلام عليكم سلام صباح مساء الخير النور شكرا شكراً جزيلا جزيلاً مع السلامة نعم لا تمام حسنا أوكي وعليكم "
    "नमस्ते नमस्कार हैलो हेलो धन्यवाद शुक्रिया बहुत अलविदा हाँ हां नहीं जी ठीक है अच्छा "
    "سلام السلام علیکم آداب شکریہ بہت مہربانی خدا حافظ اللہ جی ہاں نہیں ٹھیک ہے اچھا "
    "salam assalam alaikum walaikum marhaba ahlan shukran namaste shukriya dhanyavad bahut haan nahi theek hai acha accha ji bhai habibi yalla aleikum wa alaykum".casefold()
)
_CHINESE_TALK = re.compile(
    "你好|您好|谢谢|多谢|感谢|再见|拜拜|早上好|下午好|晚上好|好的|是的|不是|不用了?|没有|对|嗯|好|啊|呀|了|您|你|非常|太"
)


def left_over(text: str, places: Iterable[Span] = (), small_talk: bool = False) -> list[str]:
    """The words of `text` that say something, beside its places, little words and, on demand, greetings and thanks."""
    for place in sorted(places, key=lambda place: -place.start):
        text = f"{text[: place.start]} {text[place.end :]}"
    text = text.casefold().replace("’", "'")
    if small_talk:
        text = _CHINESE_TALK.sub(" ", text)
    text = _CHINESE.sub(" ", text)
    empty = FILLERS | _SMALL_TALK if small_talk else FILLERS
    return [word for word in _WORD.findall(text) if word not in empty and word.strip("'_")]


def is_small_talk(text: str) -> bool:
    """Is `text` nothing but greetings and thanks, or signs that are no words? "and that?" is neither."""
    if left_over(text, small_talk=True):
        return False
    words = _WORD.findall(text.casefold())
    return not words or bool(_CHINESE_TALK.search(text)) or any(word in _SMALL_TALK for word in words)


def only_names_places(text: str, places: Sequence[Span]) -> bool:
    """ "and to london?": nothing is left of the text once the places are taken away."""
    return bool(places) and not left_over(text, places)


def leans_on_last(text: str) -> bool:
    """Does the text look as if it went on with the question before: short, and beginning with "and", "what if" ...?"""
    chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in text)
    short = chinese <= _MOST_CHINESE if chinese else len(text.split()) <= _MOST_WORDS
    return short and bool(_LEADS.match(text.strip()))
