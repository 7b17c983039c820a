"""Arabic, Urdu and Hindi written in Latin letters: recognised by marker words, and turned into forms that search can use.

No language-identification library knows these. The marker words are exact; the forms for search match a word's consonants only,
because everybody spells the vowels as they like (`momken`, `mumkin`, `momkin`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Words that mean little elsewhere. Weak ones are words of other languages too and count only beside strong ones.
_ARABIC_STRONG = frozenset(
    """kam shu shou sho kif keef kaif momken mumkin momkin baddi biddi bidi aayez 3ayez 3ayz awez abgha abghi samaht samahti
    wain wein wayn fein mish mesh moush mafi lazem lazim jamarek gamarek jumruk gomrok gumruk dariba dareeba fulus floos flous dahab thahab akhod
    akhud aakhod ajib ajeeb adakhel adkhol adkhul adkhil ynfa3 yenfa3 hatha haza aish eish lesh leish shukran salam assalamu marhaba ahlan sayara
    sayyara tayara tayyara adweya adweyti dawa2 sagayer sajayer dukhan dokhan walla ma3i ma3aya ma3aia 3ala 3an 3and 3andi 3indi inno
    iza ezay ezzay izzay izay keda kida dubay emarat imarat msafer musafir musafer hadaya hadiya khamr nabeed nbeed beera 3otoor 3utur mamnou3 mamnu3
    mamnoo3 masmou7 masmu7 masmoo7 jawaz ra2m raqm sho3bet shanat kteer ktir kamya kammiya bedoun bidun bdoun
    ana2 ayya ayy mablagh tasree7 tasreeh jeeb ajlib yajuz yjouz yjooz taroud ghrama gharama fatoura raja3 arajje3""".split()
)  # fmt: skip
_ARABIC_WEAK = frozenset(
    "el al fel fil bel bil lel lil min men fi ana la wa w ya ma maa ila ela bas bs 3 law abi safar hay hada hadi hal alf jib tard ayez aw wla shanta leh fen".split()
)
_URDU_STRONG = frozenset(
    """hai hain hein kya kitna kitni kitne kitnay mujhe mujhay mujh mera meri apna apni apne apnay hun hoon sakta sakti sakte saktay saktey
    karna karne karni karun karoon karu kaise kaisay kahan kahaan kaun kaunsi konsi konsa nahi nahin nhi lana lanay laun laoon chahiye chahie
    chaiye chahye aur liye liay liye saath sath wapas wapis jurmana sona sonay sone chandi dawai dawaiyan dawaai dawaein sharab gaari gaadi ghar paisa
    paise paisay rupay bhai ijazat ejazat kripya batao bataye bataiye batayen bataen raha rahi rahe gaya gayi gaye hota hoti hote hoga hogi  
    kuch koi lekin magar yahan wahan wahaan kitnay jaana jaun jata jate lekar leke leker lejana manga mangwana mangwaya bhejna bhejne saman samaan
    zyada ziada kam-az-kam bina baghair matlab zaroori zaruri tohfa tohfay mithai gosht khana khaana zevar zewar pehle baad wala wali wale salaam shukriya
    dhanyavad namaste janab aapko hamein humein humko kyun kyu kisi dene parega padega lagega lagegi lagta lagti milega
    jayega jaega sakega sakegi""".split()
)  # fmt: skip
_URDU_WEAK = frozenset(
    "main mein me par per ka ki ke ko se tak bhi to na ho ye yeh wo woh ek do tax le la ja kar lane mere hum agar kia mil lao kis kab tha thi deni dena mai aap jana gari dawa kese is us".split()
)
_URDU_NOT_HINDI = frozenset(
    "ijazat ejazat shukriya janab jurmana baghair tohfa tohfay zevar zewar magar saman samaan zaroori wapis liay".split()
)
_HINDI_NOT_URDU = frozenset(
    "kripya dhanyavad namaste gaadi samay upahar aabhushan seema anumati bharat videsh vapas".split()
)
# `3olbet`, `a2dar`, `tasree7`: a digit in place of a letter, but not `3kg`, `2nd`, `b2b`, `mp3`, `a380`, `iphone15`.
_DIGIT_WORD = re.compile(r"(?:[a-z']+[2356789][a-z']*|[2356789](?=[a-z']{3})[a-z']+)(?:[2356789][a-z']*)*")
_NOT_ARABIC = re.compile(
    r"\d+(?:k|kg|kgs|g|gr|grams?|mg|mcg|l|lt|ltr|ltrs|lit(?:er|re)s?|ml|cl|dl|m|cm|mm|km|oz|lbs?|gb|tb|mb|mah|wh|v|w|pcs?|packs?|packets?|cartons?|bottles?"
    r"|x|st|nd|rd|th|s|d|days?|dias?|jours?|ans|years?|yrs?|yo|hours?|hrs?|mins?|times|usd|eur|aed|gbp|inr|rs|euros?|dollars?|pounds?|dirhams?|boxes|box)"
    r"|[a-z]{1,2}\d|[a-z]\d[a-z]|mp\d|covid\d*|iphone\d*|ps\d|form\d+|ch\d+|h\d+[a-z]\d*|[a-z]+\d{2,}[a-z]*"
)
_TELLING = 3  # consonants from which a word is recognised whatever its vowels
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class _Lexeme(NamedTuple):
    native: str
    english: str


def _lexicon(table: str) -> dict[str, _Lexeme]:
    """`spelling, spelling | native | English` lines as a table from each spelling, and from its skeleton if that says enough."""
    found: dict[str, _Lexeme] = {}
    for line in table.strip().splitlines():
        spellings, native, english = (part.strip() for part in line.split("|"))
        for spelling in spellings.split(","):
            found[spelling.strip()] = lexeme = _Lexeme(native, english)
            if len(bones := skeleton(spelling.strip())) >= _TELLING:
                found.setdefault("=" + bones, lexeme)
    return found


def _look_up(word: str, lexicon: dict[str, _Lexeme]) -> _Lexeme | None:
    bones = skeleton(word)
    return lexicon.get(word) or (lexicon.get("=" + bones) if len(bones) >= _TELLING else None)


def skeleton(word: str) -> str:
    """The consonants of a romanised word; a vowel counts only at the beginning, doubled letters count once."""
    word = word.lower().replace("'", "").replace("’", "")
    for wide, narrow in (
        ("kh", "5"),
        ("gh", "R"),
        ("sh", "S"),
        ("ch", "S"),
        ("th", "T"),
        ("dh", "D"),
        ("q", "k"),
        ("ph", "f"),
    ):
        word = word.replace(wide, narrow)
    word = word.replace("c", "k").replace("z", "s").replace("v", "w").replace("x", "ks")
    first, rest = word[:1], re.sub("[aeiouyh2]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", ("a" if first in "aeiou" else first) + rest)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _is_digit_word(word: str) -> bool:
    return bool(_DIGIT_WORD.fullmatch(word)) and not _NOT_ARABIC.fullmatch(word)


def recognise(text: str) -> str | None:
    """`ar` for Arabic in Latin letters, `ur` or `hi` for Urdu and Hindi (`ur` when nothing tells them apart), else None."""
    words = _words(text)
    if not words:
        return None
    digits = sum(map(_is_digit_word, words))
    arabic = digits + sum(word in _ARABIC_STRONG for word in words)
    urdu = sum(word in _URDU_STRONG for word in words)
    scores = {
        "ar": (arabic, sum(word in _ARABIC_WEAK for word in words)),
        "ur": (urdu, sum(word in _URDU_WEAK for word in words)),
    }
    language = max(scores, key=lambda name: (scores[name][0], scores[name][1]))
    strong, weak = scores[language]
    # One strange word in a long sentence is a name or a dish, not another language.
    if not strong or (strong + weak < 2 and strong / len(words) < 0.5) or (strong + weak) / len(words) < 0.2:
        return None
    if language == "ar":
        return "ar"
    hindi = sum(word in _HINDI_NOT_URDU for word in words)
    return "hi" if hindi > sum(word in _URDU_NOT_HINDI for word in words) else "ur"


_LETTERS = [
    ("sh", "ش"), ("ch", "ش"), ("kh", "خ"), ("gh", "غ"), ("th", "ث"), ("dh", "ذ"), ("ou", "و"), ("oo", "و"), ("ee", "ي"), ("ei", "ي"), ("ai", "ي"),
    ("aa", "ا"), ("3'", "غ"), ("7'", "خ"), ("2", "أ"), ("3", "ع"), ("5", "خ"), ("6", "ط"), ("7", "ح"), ("8", "ق"), ("9", "ص"), ("b", "ب"), ("t", "ت"),
    ("j", "ج"), ("g", "ج"), ("d", "د"), ("r", "ر"), ("z", "ز"), ("s", "س"), ("f", "ف"), ("v", "ف"), ("q", "ق"), ("k", "ك"), ("c", "ك"), ("l", "ل"),
    ("m", "م"), ("n", "ن"), ("h", "ه"), ("w", "و"), ("y", "ي"), ("p", "ب"), ("x", "كس"), ("o", "و"), ("u", "و"), ("i", "ي"),
]  # fmt: skip
_PREFIXES = {
    "el": "ال",
    "al": "ال",
    "fel": "في ال",
    "fil": "في ال",
    "bel": "بال",
    "bil": "بال",
    "lel": "لل",
    "lil": "لل",
}


def transliterate(word: str) -> str:
    """One word of romanised Arabic in Arabic letters, by rule: a short `a` or `e` is left out, the other vowels are written."""
    word = re.sub(r"(.)\1", lambda pair: pair[0] if pair[0] in {"aa", "ee", "oo"} else pair[1], word.lower())
    out, at = "", 0
    while at < len(word):
        for latin, arabic in _LETTERS:
            if word.startswith(latin, at):
                # Short i and u inside a closed syllable are not written; at the end they are.
                short = (
                    latin in {"i", "u", "o"}
                    and 0 < at < len(word) - 1
                    and word[at + 1 : at + 3].isalpha()
                    and len(word) - at > 2
                )
                out += "" if short else arabic
                at += len(latin)
                break
        else:
            if word[at] in "ae" and (at == 0 or at == len(word) - 1):
                out += "ا" if at == 0 else "ة"
            at += 1
    return out


def _in_arabic(words: list[str]) -> str:
    out, prefix = [], ""
    for word in words:
        if word in _PREFIXES:
            prefix = _PREFIXES[word]
            continue
        known = _look_up(word, ARABIC)
        native = known.native if known and known.native != "-" else word if word.isdigit() else transliterate(word)
        out.append(prefix + (native.removeprefix("ال") if prefix else native))
        prefix = ""
    return " ".join(out)


def _in_english(words: list[str], lexicon: dict[str, _Lexeme]) -> str:
    glosses = [(found.english if (found := _look_up(word, lexicon)) else word, word) for word in words]
    if sum(gloss != word for gloss, word in glosses) * 3 < len(words):
        return ""  # too little is known of it: a line half in English would lead astray
    return " ".join(gloss for gloss, word in glosses if gloss and gloss != "-")


def search_forms(text: str) -> list[str]:
    """`text` and, when it is romanised, the forms in which search finds more: native letters (Arabic) and an English gloss.

    Always at least `text` itself, which comes first; no form twice.
    """
    language = recognise(text)
    forms = [text]
    if language == "ar":
        words = _words(text)
        forms += [_in_arabic(words), _in_english([word for word in words if word not in _PREFIXES], ARABIC)]
    elif language:
        forms.append(_in_english(_words(text), URDU))
    return list(dict.fromkeys(form for form in forms if form.strip()))


ARABIC = _lexicon("""
kam, kaam | كم | how much
shu, shou, aish, eish, esh, ish | ما | what
kif, keef, kaif, ezzay, ezay | كيف | how to
wain, wein, fein | أين | where
hal | هل | -
momken, mumkin, yjouz, ynfa3, yenfa3 | ممكن | can I
masmou7, masmu7, masmoh | مسموح | allowed
mamnou3, mamnu3, mamnoo3a | ممنوع | prohibited
baddi, biddi, ayez, 3ayez, abgha, abghi, awez | أريد | I want
a2dar, agdar, fini, feeni | أقدر | can I
ajib, jib, ajeeb, ajlib | أجلب | bring
akhod, akhud, aakhod | آخذ | take
adakhel, adkhil, dakhel | أدخل | bring in
a7mel, ahmel | أحمل | carry
ma3i, ma3aya | معي | with me
men, min | من | from
ela, ila | إلى | to
3ala | على | on
fi | في | in
bedoun, bidun, bdoun | بدون | without
jamarek, gamarek, jumruk, gomrok | جمارك | customs
dariba, dareeba | ضريبة | tax
rosoum, rusum | رسوم | duty
ghrama, gharama | غرامة | fine penalty
tasree7, tasreeh | تصريح | declaration
7ad | حد | limit
i3fa2, e3fa2 | إعفاء | exemption
matar | مطار | airport
tayara, tayyara | طائرة | plane
sayara, sayyara, 3arabiya | سيارة | car
safar, msafer, musafer | سفر | travel
dahab, thahab | ذهب | gold
fulus, floos, flous, masari | فلوس | money cash
mablagh | مبلغ | amount
cash | نقد | cash
sagayer, sajayer, segara | سجائر | cigarettes
3olba, 3olbet | علبة | packet
dukhan, dokhan, tabgh | تبغ | tobacco
shisha | شيشة | shisha
nabeed, nbeed | نبيذ | wine
khamr, khamra, kohol | خمر | alcohol
beera | بيرة | beer
zjajet, zujaja, azayez, ezaza | زجاجة | bottles
adweya, adweyti, dawa, dawa2 | أدوية | medicines
jebneh, jebna, gebna | جبنة | cheese
la7me, la7m, lahm | لحم | meat
akl, ta3am | طعام | food
7alawiyat | حلويات | sweets
3asal | عسل | honey
tamr | تمر | dates
baladi | بلدي | my country
bsayneti, bsayne, 2otta, qetta | قطة | cat
kalb, kalbi | كلب | dog
7ayawan | حيوان | animal
hadiya, hadaya | هدايا | gifts
talabat, talab | طلبات | orders
internet | الإنترنت | online
tard, taroud | طرد | parcel
3ale2, 3al2, 3aleq | عالق | stuck held
sadaro, sadarou | صادروا | they seized
aghradi, aghrad | أغراضي | my goods
raje3ha, arajje3, raje3, asta3eed, astared | استرداد | get back refund
a3tared, e3terad | أعترض | appeal
ra2m, raqm | رقم | number
telefon, tilifon | هاتف | phone
ashya2, ashya | الأشياء | items
tasweer | تصوير | filming
sila7 | سلاح | weapon
kteer, ktir | كثير | many
bayt, beit | بيت | house
athath, 3afsh | أثاث | furniture
mala2es, malabes, hodoum | ملابس | clothes
3otoor, 3utur | عطور | perfume
mojawharat | مجوهرات | jewellery
bta3i, taba3i | - | my
hend, hind | الهند | India
masr, misr | مصر | Egypt
sa3oudiya, saudiya | السعودية | Saudi Arabia
emarat, imarat | الإمارات | UAE
orobba, oroba | أوروبا | Europe
amrika, amreka | أمريكا | USA
britanya, breetanya | بريطانيا | Britain
li, la, w, wa, aw | - | -
""")

URDU = _lexicon("""
kitna, kitni, kitne | کتنا | how much
kya, kia | کیا | what
kaise, kese, kaisay | کیسے | how to
kahan | کہاں | where
kaun, kaunsi, konsi | کون سی | which
main, mai, hai, hain, hun, hoon, ho, ka, ki, ke, ko, se, mein, par, aur, to, wo, yeh, raha, rahi, gaya, kar, ne, na | - | -
hota, hoti, hote, hua, hui, hu | - | -
mujhe, mujhay | مجھے | I
mera, meri, mere, apna, apni, apne | میرا | my
sakta, sakti, sakte | سکتا | can I
lana, lane, laun, laoon, lao | لانا | bring
la, laye | لا | bring
le | لے | take
ja, jana, jaana, jaun | جا | carry
lejana | لے جانا | carry
bina, baghair | بغیر | without
ijazat, ejazat, anumati | اجازت | allowed
mana | منع | prohibited
sharab, sharaab | شراب | alcohol
bottlein, botal, botalein | بوتلیں | bottles
cigarette, sigret, cigrate | سگریٹ | cigarettes
tambaku, tambakoo | تمباکو | tobacco
sona, sonay, sone | سونا | gold
chandi | چاندی | silver
zevar, zewar, gehne | زیور | jewellery
paisa, paise, paisay, raqam | پیسے | cash money
dawai, dawa, dawaiyan, dawaein | دوائی | medicine
nuskha | نسخہ | prescription
gosht | گوشت | meat
mithai | مٹھائی | sweets
paneer | پنیر | cheese
khana, khaana | کھانا | food
phal | پھل | fruit
billi | بلی | cat
kutta, kutte | کتا | dog
janwar | جانور | animal
gari, gaari, gaadi | گاڑی | car
ghar | گھر | home
tohfa, tohfay | تحفہ | gift
kapre, kapray, kapde | کپڑے | clothes
lagega, lagegi, lagta, lagti | لگے گا | to pay
phansa, phasa | پھنسا | stuck
saman, samaan | سامان | goods
zabt | ضبط | seized
wapas, wapis | واپس | back refund
milega, mil | ملے گا | get
jurmana, jurmane | جرمانہ | fine penalty
khilaf | خلاف | against
cheez, cheezein, chizen | چیزیں | items
sath, saath | ساتھ | with me
liye, liay | لیے | for
bhejna, bhejne, bheja | بھیجنا | send
mangwana, mangwaya, manga | منگوانا | order online
bahar, videsh | باہر | abroad
karna, karne, karun, karni, kiye, kiya | کرنا | -
chahiye, chahie | چاہیے | need
zyada, ziada | زیادہ | more
safar | سفر | travel
dena, deni, dene | دینا | pay
hathiyar | ہتھیار | weapon
hindustan, bharat | انڈیا | India
walon, walo, wale, wala, wali, se, lete, leta, bhi, tak, ek, is, us | - | -
sawari, musafir | مسافر | traveller
dukan, dukaan | دکان | shop
shadi | شادی | wedding
machli | مچھلی | fish
ghari, gharian | گھڑی | watch
itr, itar, khushboo | عطر | perfume
hisab | حساب | calculation
""")
