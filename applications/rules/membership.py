"""Who counts as a member: one legal person, once (domain T1).

Only engaged members count. Two rows are one member when their ICE share the nine digits of the company, or when
their names are equal and at least one of them has no ICE. A row with neither name nor ICE is nobody yet.
"""

import unicodedata
from typing import NamedTuple

from applications.rules.facts import COMPANY, ENGAGED

ROOT = 9
ICE_LENGTH = 15


class Counted(NamedTuple):
    """`engaged` legal persons, of which `qualifying` companies; `duplicates` are the names of the rows counted once."""

    engaged: int
    qualifying: int
    duplicates: tuple[tuple[str, ...], ...]


def count(members):
    """Count the engaged members. The order of the rows changes nothing.

    A company listed twice qualifies when either row does; the warning on the duplicate lets the officer decide.
    """
    groups = list(group(members))
    return Counted(
        engaged=len(groups),
        qualifying=sum(1 for rows in groups if any(_qualifies(row) for row in rows)),
        duplicates=tuple(sorted(tuple(sorted(row.name for row in rows)) for rows in groups if len(rows) > 1)),
    )


def group(members):
    """The engaged rows, one list per legal person."""
    rows = [row for row in members if row.engagement == ENGAGED and (ice_root(row.ice) or name_key(row.name))]
    groups, by_name = {}, {}
    for row in rows:
        root = ice_root(row.ice)
        if root:
            groups.setdefault(root, []).append(row)
            by_name.setdefault(name_key(row.name), set()).add(root)
    for row in rows:
        if not ice_root(row.ice):
            key = name_key(row.name)
            # The smallest root, so that a name borne by two companies is always counted with the same one.
            groups.setdefault(min(by_name.get(key, {"name " + key})), []).append(row)
    return groups.values()


def ice_root(ice):
    """The nine digits of the company, "" for anything but a plausible ICE."""
    return ice[:ROOT] if len(ice) == ICE_LENGTH and ice.isascii() and ice.isdigit() and ice.strip("0") else ""


def name_key(name):
    """A name without case, accents, punctuation or spare spaces: « SOCIÉTÉ  X. » and « Société X » are one."""
    text = unicodedata.normalize("NFKD", name).replace("\u0640", "")
    text = "".join(char for char in text if not unicodedata.combining(char) and unicodedata.category(char) != "Cf").casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


def _qualifies(row):
    return row.category == COMPANY and row.qualifies
