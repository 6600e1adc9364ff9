"""What the register of labelled clusters says of a deposit, put to the officer on the lines of recevabilité: a note, never a finding."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters_portal.lib import clock

from ..models import Identity
from ..queries.register import YEARS, cluster_of_deposit, spans_of
from ..rules.deadline import local_day
from ..rules.register import has_exceeded, support_at
from ..rules.verdicts import APPLICANT_TYPE, SUPPORT_YEARS


def register_notes(deposit) -> dict[str, str]:
    """{rule: note} of this deposit, in the reader's language; at most two queries, one where the register knows nobody.

    A cluster that says it exists is compared on the length of its support, up to the deadline; one that says it is new is
    noted when the register knows it (clause 1.3).
    """
    kind = deposit.content["steps"].get("identite", {}).get("identity", {}).get("applicant_type")
    if not kind:
        return {}
    cluster = cluster_of_deposit(deposit)
    existing = kind == Identity.ApplicantType.EXISTING
    if cluster is None:
        return {SUPPORT_YEARS: _("The register knows no cluster of this name.")} if existing else {}
    if not existing:
        said = _("The register of labelled clusters holds “%(cluster)s”: check that the applicant is new.")
        return {APPLICANT_TYPE: said % {"cluster": str(cluster)}}
    return {SUPPORT_YEARS: _support_of(cluster, deposit)}


def _support_of(cluster, deposit) -> str:
    """How long the register says a cluster was supported up to the deadline, and on which side of the limit that is."""
    day = local_day(deposit.deadline_at)
    years = deposit.content["call"]["terms"].get("existing_min_support_years") or YEARS
    spans = spans_of(cluster)
    support = support_at(spans, day)
    if support is None:
        return _("Register: no support of “%(cluster)s” is entered up to the deadline.") % {"cluster": str(cluster)}
    length = {
        "cluster": str(cluster),
        "years": ngettext("%(count)d year", "%(count)d years", support.years) % {"count": support.years},
        "days": ngettext("%(count)d day", "%(count)d days", support.extra_days) % {"count": support.extra_days},
        "day": clock.format_day(day),
        "limit": years,
    }
    if has_exceeded(spans, years, day):
        said = _("Register: “%(cluster)s” was supported %(years)s and %(days)s up to %(day)s, strictly more than %(limit)d years.")
    else:
        said = _("Register: “%(cluster)s” was supported %(years)s and %(days)s up to %(day)s, not strictly more than %(limit)d years.")
    return said % length
