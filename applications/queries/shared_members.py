"""Companies that several dossiers of one call list as members (X12): allowed, and worth knowing for whoever checks them."""

from ..rules.membership import ice_root


def shared_members(deposit, among) -> list[tuple[str, list]]:
    """[(name of a member of this deposit, the other deposits that list the same company)], in the order of its table.

    `among` are the deposits that count and that the reader may see; only those of the same call are looked at, as they
    were frozen, in one query. Two establishments of one company share the nine digits of its ICE.
    """
    names = {}
    for root, name in _listed(deposit):
        names.setdefault(root, name)
    if not names:
        return []
    others = among.filter(application__call=deposit.application.call_id, snapshot__regex=f'"ice":"({"|".join(names)})')
    found = {root: [] for root in names}
    for other in others.exclude(application=deposit.application_id).defer(None).order_by("number"):
        for root in {root for root, _name in _listed(other)} & names.keys():
            found[root].append(other)
    return [(names[root], deposits) for root, deposits in found.items() if deposits]


def _listed(deposit):
    """(nine digits of the company, name) of each row with an ICE in the frozen table of members."""
    for row in deposit.content["steps"].get("membres", {}).get("members", []):
        root = ice_root(row["ice"])
        if root:
            yield root, row["name_fr"] or row["name_ar"]
