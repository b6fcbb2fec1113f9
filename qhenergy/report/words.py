"""Words in English and Chinese, side by side, and numbers as they are printed."""

from __future__ import annotations

import html
import math
import re
from typing import NamedTuple

from qhenergy.ground.faults import Fault, InputError, listed, nearest

LANGUAGES = ("en", "zh")
#: Stands between the two languages of a text inside a chart; the page's script keeps one side.
#: A private-use character, so that no name can hold it.
SEPARATOR = "\ue000"


def check_language(language: str) -> None:
    """Refuse a language that reports do not speak.

    Raises:
        InputError: it is none of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        expected = "one of " + listed(LANGUAGES)
        raise InputError([Fault("language", f'"{language}"', expected, nearest(language, LANGUAGES))], "the language")


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str

    def pick(self, language: str) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en

    def html(self) -> str:
        """Both texts as escaped HTML, of which the page shows one."""
        if self.en == self.zh:
            return escaped(self.en)
        return f'<span lang="en">{escaped(self.en)}</span><span lang="zh">{escaped(self.zh)}</span>'

    def chart(self) -> str:
        """Both texts as one string of a chart."""
        return self.en if self.en == self.zh else f"{self.en}{SEPARATOR}{self.zh}"

    def __add__(self, other: object) -> Words:
        """Both texts with another text, or with the same text, behind them."""
        if isinstance(other, Words):
            return Words(self.en + other.en, self.zh + other.zh)
        return Words(f"{self.en}{other}", f"{self.zh}{other}")


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def escaped(text: str) -> str:
    """A text as HTML; 10^4 and m3 with their exponents raised, which a console may not be able to print."""
    raised = re.sub(r"\b10\^(\d)", lambda found: "10" + found[1].translate(_RAISED), html.escape(text))
    return re.sub(r"(?<![A-Za-z0-9])(h?m)3(?![A-Za-z0-9])", "\\1³", raised)


def same(text: object) -> Words:
    """A text that is the same in both languages: a key, a number, a unit."""
    return Words(str(text), str(text))


def named(row: object, key: str) -> Words:
    """The names a row of an input table gives; its key where a name is blank.

    Args:
        row: with `name_en` and `name_zh`, or without them.
        key: key of the row.
    """
    get = getattr(row, "get", lambda _, default: default)
    return Words(str(get("name_en", "") or key), str(get("name_zh", "") or get("name_en", "") or key))


def number(value: float, digits: int = 0) -> str:
    """A number with thousands separated; a dash where there is none, no minus before a zero."""
    if not math.isfinite(value):
        return "–"
    rounded = round(value, digits) + 0.0
    return f"{rounded:,.{digits}f}"


#: Decimals that `figures` prints at most: what is smaller is what a solver leaves.
DECIMALS = 4


def figures(value: float, count: int = 4) -> str:
    """A number with at least so many significant figures, and no more decimals than they need."""
    if not math.isfinite(value):
        return "–"
    if abs(value) < 0.5 * 10.0**-DECIMALS:
        return "0"
    digits = count - 1 - math.floor(math.log10(abs(value)))
    text = number(value, min(max(digits, 0), DECIMALS))
    return text.rstrip("0").rstrip(".") if "." in text else text
