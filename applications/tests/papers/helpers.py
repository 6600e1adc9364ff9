"""What these tests share: the samples and what is looked for on their pages."""

import re
import subprocess

from django.urls import reverse

from applications.pdf import papers
from applications.pdf.papers import KINDS

from ..builders import dossier_of, filled_application
from ..factories import make_call

DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NAMES = ("a-textile", "b-hydrogene", "c-agritech")
ARABIC_LETTER = re.compile("[\u0621-\u064a]{4,}")
DRAFT = re.compile(r"(DRAFT|BROUILLON|مسودة) [0-9A-F]{8}")


def content_of(name, user):
    application = filled_application(call=make_call(), user=user, name=name)
    return application, papers.draft_content(dossier_of(application))


def paper(slug, content, application, lang="fr"):
    return papers.generated_pdf(KINDS[slug], content, application.call, lang=lang)


def text_of(pdf, *options):
    done = subprocess.run(["pdftotext", "-layout", *options, "-", "-"], input=bytes(pdf), capture_output=True, check=True)
    return DIRECTION_MARKS.sub("", done.stdout.decode()).replace("\u00a0", " ")


def pages_of(pdf):
    return [" ".join(page.split()) for page in text_of(pdf).split("\f")[:-1]]


def address(application, kind="technique", lang="fr"):
    return reverse("applications:generated_pdf", args=[application.pk, kind, lang])
