"""Numbers as people type or scan them at a counter: « 7 », « cl 2026 0007 », or the whole address of a QR code."""

import re
import unicodedata

LONGEST = 30
# A scanner types the address of the QR code; what follows this is the number.
ADDRESS = re.compile(r"verifier/([^/?#\s]+)", re.IGNORECASE)


def normalised(text: str) -> str:
    """A number as it is stored: capitals, ordinary digits and hyphens, no spaces, whatever the keyboard gave."""
    return "".join(char for char in _plain(text) if not char.isspace() and char != "/")[:LONGEST]


def matches(wanted: str, number: str) -> bool:
    """Whether what was typed names this stored number: all of it, or its end; zeros before the last figures do not count."""
    typed = _words(wanted)
    if not typed:
        return False
    if "".join(typed) == "".join(_words(number)):
        return True
    *before, last = typed
    *stored, sequence = _words(number)
    if not (last.isdecimal() and sequence.isdecimal() and int(last) == int(sequence)):
        return False
    return not before or stored[-len(before) :] == before


def _plain(text):
    scanned = ADDRESS.search(text)
    return "".join(map(_character, (scanned[1] if scanned else text).upper()))


def _character(char):
    if unicodedata.category(char) == "Pd":
        return "-"
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def _words(text):
    return re.findall(r"[A-Z0-9]+", _plain(text))
