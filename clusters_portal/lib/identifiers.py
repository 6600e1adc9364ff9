"""The ICE (identifiant commun de l'entreprise): 15 digits = 9 of the company + 4 of the establishment + 2 of control.

The control rule is known from practice and was never published by the State, so a wrong key is a warning and never
refuses a member.
"""

import re
import unicodedata

from django.utils.translation import gettext as _
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.ma import ice as stdnum_ice

from clusters_portal.lib.text import BIDI_CONTROLS, ZERO_WIDTH, ascii_digits

ICE_LENGTH = 15
ROOT_LENGTH = 9
# A spreadsheet turns « 001561191000066 » into a number and drops its leading zeros. Fewer digits than these is
# more likely a typing mistake than lost zeros.
_LOST_ZEROS = range(13, ICE_LENGTH)
_NOISE = re.compile(r"[\s.\-/_]")
_REMOVED = dict.fromkeys(map(ord, BIDI_CONTROLS + ZERO_WIDTH))

# Valid keys on roots that belong to nobody, for demonstrations and tests.
DEMO_ICES = ("990000001000040", "990000002000013", "990000003000083", "990000011000061", "990000012000034")


def normalise_ice(value):
    """What to store for an ICE typed, pasted or read from a sheet: 15 digits when that can be told, else as typed.

    Removes spaces, dots and dashes, reads Arabic digits, undoes « 990000101000153.0 » and gives back up to two lost
    leading zeros. `None` gives "". Never raises: `ice_problem` says what is wrong with the result.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = ascii_digits(unicodedata.normalize("NFKC", str(value))).translate(_REMOVED).strip()
    text = re.sub(r"^(?:ICE)\s*(?:n°|no)?\s*:?", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(\d+)[.,]0+$", r"\1", text)
    digits = _NOISE.sub("", text)
    if digits.isdigit() and len(digits) in _LOST_ZEROS:
        return digits.zfill(ICE_LENGTH)
    return digits


def ice_root(value):
    """The nine digits shared by all establishments of one company; "" when the ICE has not 15 digits."""
    digits = normalise_ice(value)
    return digits[:ROOT_LENGTH] if len(digits) == ICE_LENGTH and digits.isdigit() else ""


def ice_problem(value):
    """A sentence on what is doubtful about an ICE, "" when nothing is or when there is none. A warning, not a refusal."""
    digits = normalise_ice(value)
    if not digits:
        return ""
    if not digits.isdigit():
        return _("An ICE holds digits only.")
    if len(digits) != ICE_LENGTH:
        return _("An ICE has 15 digits; this one has %(count)d.") % {"count": len(digits)}
    if not digits.strip("0"):
        return _("An ICE cannot be made of zeros.")
    try:
        stdnum_ice.validate(digits)
    except InvalidChecksum:
        return _("The control key of this ICE does not match: check the number.")
    except ValidationError:
        return _("This ICE is not well formed: check the number.")
    return ""
