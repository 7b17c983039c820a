"""Goods told with an amount are told from questions about the rule."""

from __future__ import annotations

import pytest

from knowledge_base.goods.understanding import is_about_my_goods

_TOLD = [
    ("en", "can i bring 3 bottles of wine"),
    ("en", "2 cartons of marlboro per person fine for dubai??"),
    ("en", "is a bottle of gin and 200 cigarettes ok"),
    ("en", "do i pay on a 900 dollar watch"),
    ("en", "bought trainers for £160"),
    ("en", "1kg shisha"),
    ("ar", "هل يمكنني إحضار 3 زجاجات نبيذ"),
    ("es", "¿puedo llevar 2 cartones de tabaco?"),
    ("fr", "puis-je apporter 5 litres de vin"),
    ("hi", "क्या मैं 3 बोतल वाइन ला सकता हूँ"),
    ("ru", "можно ввезти 3 бутылки вина?"),
    ("ur", "کیا میں 3 بوتل وائن لا سکتا ہوں"),
    ("zh", "我可以带3瓶葡萄酒吗"),
]
_ASKED = [
    ("en", "how much wine can i bring"),
    ("en", "how many bottles of wine to the uk"),
    ("en", "what is the alcohol allowance"),
    ("en", "can i bring more than 200 cigarettes"),
    ("en", "is the limit 200 cigarettes"),
    ("en", "whats this new 3 euro thing on temu orders"),
    ("en", "do i have to declare 10000 dollars"),
    ("en", "i have 15000 euros in cash"),
    ("en", "can i bring my dog"),
    ("en", "is the $800 de minimis still alive"),
    ("en", "leaving the US with $15,000 for my parents"),
    ("en", "i'm 19 and flying from dubai to london"),
    ("ar", "كم سيجارة يمكنني إدخالها"),
    ("ar", "كم علبة دخان أقدر أجيب معي"),
    ("es", "cuántas botellas de vino me dejan pasar"),
    ("fr", "combien de cigarettes puis-je rapporter"),
    ("hi", "मैं कितनी शराब ला सकता हूँ"),
    ("ru", "сколько блоков сигарет можно ввезти"),
    ("ur", "میں کتنی شراب لا سکتا ہوں"),
    ("zh", "可以带几条中华烟"),
    ("zh", "可以带多少酒"),
]


@pytest.mark.parametrize(("language", "text"), _TOLD)
def test_goods_are_told(language: str, text: str) -> None:
    assert is_about_my_goods(text, language)


@pytest.mark.parametrize(("language", "text"), _ASKED)
def test_a_rule_is_asked_for(language: str, text: str) -> None:
    assert not is_about_my_goods(text, language)
