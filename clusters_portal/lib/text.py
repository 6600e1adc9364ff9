"""What a user typed or pasted, made safe to store: same look, no invisible characters that lie."""

import re
import unicodedata

from django.utils.translation import gettext as _

# Overrides, embeddings, isolates and marks that reorder what is read; a file name or company may hide behind them.
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Zero-width characters with no meaning in French, Arabic or English. U+200C and U+200D are kept by `clean_text`:
# they shape Arabic letters and family emojis.
ZERO_WIDTH = "\u200b\u2060\ufeff\u00ad\u180e"
JOINERS = "\u200c\u200d"
_REMOVED = str.maketrans("", "", BIDI_CONTROLS + ZERO_WIDTH)
_SPACES = re.compile(r"[^\S\n]+")


def clean_text(text, *, multiline=True):
    """NFC text without bidi controls, zero-width or control characters, trimmed.

    Newlines become "\\n" (or one space when not `multiline`). A tab becomes a space; other spaces are kept as
    typed in a long text and collapsed to one in a single line. `None` gives "".
    """
    if text is None:
        return ""
    text = unicodedata.normalize("NFC", str(text))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = text.replace("\t", " ").translate(_REMOVED)
    text = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs", "Cn", "Co"))
    if not multiline:
        text = _SPACES.sub(" ", text.replace("\n", " "))
        # A lone joiner at an end is invisible and would make two equal names differ.
        text = text.strip().strip(JOINERS)
    return unicodedata.normalize("NFC", text).strip()


def listed(items) -> str:
    """« 2, 3, 4 » with the comma of the reader's language: a Latin one turns numbers round in Arabic."""
    return _(", ").join(map(str, items))


# Letters that say the same to someone who searches: ligatures, Arabic forms that keyboards and habits exchange.
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014"
_ALIKE = str.maketrans({"œ": "oe", "æ": "ae", "ة": "ه", "ى": "ي", "ـ": "", "’": "'", **dict.fromkeys(_HYPHENS, "-")})
_WORDS = re.compile(r"[^\W_][\w-]*")


def search_words(text) -> list[str]:
    """The words of a text as searches compare them: no case, accents or vowel signs, ASCII digits, one form per letter."""
    plain = unicodedata.normalize("NFKD", clean_text(text).casefold().translate(_ALIKE))
    return _WORDS.findall(ascii_digits("".join(char for char in plain if not unicodedata.combining(char)).translate(_ALIKE)))


def ascii_digits(text):
    """Arabic-Indic, Eastern and full-width digits as 0-9; everything else unchanged."""
    return "".join(str(unicodedata.decimal(char)) if _is_foreign_digit(char) else char for char in text)


def _is_foreign_digit(char):
    return not char.isascii() and unicodedata.decimal(char, None) is not None
