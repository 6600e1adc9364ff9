"""One spelling for comparing what people write: no accents, no case, no punctuation, one form of each Arabic letter."""

import re
import unicodedata
from functools import lru_cache

from clusters_portal.lib.text import ascii_digits

_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي", "œ": "oe", "æ": "ae", "ـ": ""})


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """« I.C.E. (n°) » gives "ice n", « Entreprise : ENGAGÉE » gives "entreprise engagee"."""
    text = ascii_digits(unicodedata.normalize("NFKC", text)).casefold().translate(_LETTERS)
    text = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    # Dots of an abbreviation disappear (I.C.E, R.C.); every other mark separates words.
    text = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text)
    return " ".join(re.findall(r"\w+", text.replace("_", " ")))


def holds(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` follow one another in `text`, both already plain."""
    return f" {phrase} " in f" {text} "
