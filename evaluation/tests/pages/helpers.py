"""What these tests share: a sheet as a browser sends it, and addresses."""

from django.urls import reverse

from evaluation.tests.factories import CODES, LONG


def sheet(mark="3", *, revision=0, action="save", why=LONG, **more):
    data = {"version": str(revision), "action": action, "confidence": "2", "strengths": "", "weaknesses": ""}
    for code in CODES:
        data |= {f"mark_{code}": mark, f"why_{code}": why}
    return data | more


def address(name, *args):
    return reverse(f"evaluation:{name}", args=args)
