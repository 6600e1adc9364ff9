"""The matrix of a call's assignments as a CSV that can be corrected and sent back."""

from django.utils.translation import gettext as _

from clusters_portal.lib.tabular import csv_text
from evaluation.models import Assignment
from evaluation.queries import ACTIVE

ASSIGNED, RECUSED = "x", "r"


def matrix_csv(applications, people) -> str:
    """One row per dossier, one column per evaluator headed « Name <address> »; x assigned, r stepped down, blank otherwise."""
    applications = list(applications)
    rows = Assignment.objects.filter(application__in=[row.pk for row in applications])
    status = {(row.application_id, row.evaluator_id): row.status for row in rows}
    headers = [_("Number"), _("Cluster"), *(f"{person} <{person.email}>" for person in people)]
    lines = [[row.number, row.name_fr, *(_mark(status.get((row.pk, person.pk))) for person in people)] for row in applications]
    return csv_text([headers, *lines])


def _mark(status) -> str:
    if status == Assignment.Status.RECUSED:
        return RECUSED
    return ASSIGNED if status in ACTIVE else ""
