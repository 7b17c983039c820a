"""How the page introduces itself: the administration's name, colours, logo and contact, read from one file.

The file is `site.yml` in CUSTOMS_VAR_DIR; without it the page is the plain one of Green Channel:

    name: {en: Harbour Customs, ar: جمارك الميناء}    # or one name for every language
    colour: "#1d3f8f"          # buttons and links on light paper, white text on it
    colour_dark: "#9db8ff"     # the same on dark paper, dark text on it
    logo: logo.svg             # beside the file; svg, png or webp
    contact: access@example.org    # whom to tell that something is not accessible: mail address or web address
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML, YAMLError

from customs.settings import SettingError

FILE = "site.yml"
KEYS = ("name", "colour", "colour_dark", "logo", "contact")
LOGOS = (".svg", ".png", ".webp")
# What the colours must be read on or carry (static/chat.css), and the least contrast that WCAG asks of text.
LIGHT_PAPERS = ("#ffffff", "#f4f7f5")
DARK_PAPERS = ("#06221a", "#101614", "#1a2320")
LEAST_CONTRAST = 4.5
_MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (`#rrggbb`) as WCAG 2 defines it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, paper: str, share: float) -> str:
    """`share` (0 to 1) of `colour` on `paper`."""
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in zip(_parts(colour), _parts(paper)))


@dataclass(frozen=True)
class Brand:
    """The look of one installation. Colours are `#rrggbb`; `logo` is a file or None."""

    names: Mapping[str, str] = field(default_factory=lambda: {"en": "Green Channel"})
    colour: str = "#0b6b50"
    colour_dark: str = "#58c79f"
    logo: Path | None = None
    contact: str = ""

    def name(self, language: str) -> str:
        """The name in `language`; else in English, else the first that is given."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()))

    @property
    def contact_link(self) -> str:
        """`contact` as an address to follow."""
        return self.contact if self.contact.startswith("https://") else f"mailto:{self.contact}"

    @property
    def css(self) -> str:
        """The style rules that put these colours over those of static/chat.css; "" for the plain look."""
        if (self.colour, self.colour_dark) == (Brand.colour, Brand.colour_dark):
            return ""
        light = f"--brand:{self.colour};--said:{mixed(self.colour, '#ffffff', 0.12)}"
        dark = f"--brand:{self.colour_dark};--said:{mixed(self.colour_dark, '#1a2320', 0.2)}"
        return f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def read_brand(var_dir: Path) -> Brand:
    """The brand of `site.yml` in `var_dir`, or the plain one. Raises `SettingError` for what cannot be used."""
    path = var_dir / FILE
    if not path.exists():
        return Brand()

    def wrong(key: str, value: object, wish: str) -> SettingError:
        return SettingError(f"{path}: {key} is {value!r}; {wish} See docs/web-chat.md.")

    try:
        given = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise SettingError(f"{path} cannot be read: {str(error)[:200]}. See docs/web-chat.md.") from None
    if not isinstance(given, dict):
        raise SettingError(f"{path} holds no keys; known are {', '.join(KEYS)}. See docs/web-chat.md.")
    for key in given:
        if key not in KEYS:
            raise wrong(key, given[key], f"there is no such key; known are {', '.join(KEYS)}.")
    values: dict[str, object] = {}
    if "name" in given:
        names = given["name"] if isinstance(given["name"], dict) else {"en": given["name"]}
        if not names or not all(isinstance(name, str) and name.strip() for name in names.values()):
            raise wrong("name", given["name"], "expected a name, or names by language.")
        values["names"] = {str(language): name.strip() for language, name in names.items()}
    for key, papers in (("colour", LIGHT_PAPERS), ("colour_dark", DARK_PAPERS)):
        if key in given:
            values[key] = _colour(given[key], papers, lambda wish, key=key: wrong(key, given[key], wish))
    if "logo" in given:
        logo = path.parent / str(given["logo"])
        if logo.suffix.lower() not in LOGOS or not logo.is_file():
            raise wrong("logo", given["logo"], f"expected a file beside {FILE} that ends in {', '.join(LOGOS)}.")
        values["logo"] = logo
    if "contact" in given:
        contact = str(given["contact"])
        if not contact.startswith("https://") and not _MAIL.fullmatch(contact):
            raise wrong("contact", contact, "expected a mail address or an https:// address.")
        values["contact"] = contact
    return Brand(**values)


def _colour(value: object, papers: tuple[str, ...], wrong) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise wrong('expected a colour like "#1d3f8f", in quotes.')
    worst = min(papers, key=lambda paper: contrast(value, paper))
    if (ratio := contrast(value, worst)) < LEAST_CONTRAST:
        raise wrong(
            f"text in it on {worst} has a contrast of {ratio:.1f}, and {LEAST_CONTRAST} is the least to be read."
        )
    return value.lower()
