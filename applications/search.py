"""The words of a frozen dossier, for searches that know neither accents nor case (S1)."""

import re

from clusters_portal.lib.text import search_words

# Dates and amounts: nobody searches a dossier by them, and there are hundreds.
_FIGURE = re.compile(r"[\d\s.,:/%+-]*")


def words_of(content: dict) -> str:
    """Number, names and every text of the answers as one line, each word once; " fil-atlas textiles … "."""
    texts = [content.get("application", {}).get("number", "")]
    for part in (content.get("association"), content.get("steps")):
        texts += _texts(part)
    # A dict keeps the order: the number and the names come first.
    return " ".join(dict.fromkeys(word for text in texts for word in search_words(text)))


def _texts(value):
    if isinstance(value, dict):
        value = value.values()
    elif isinstance(value, str):
        return [] if _FIGURE.fullmatch(value) else [value]
    elif not isinstance(value, (list, tuple)):
        return []
    return [text for item in value for text in _texts(item)]
