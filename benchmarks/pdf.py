"""Make a receipt and a technical file of sixty pages; print the time of each and its ratio to a bare one-page PDF.

Run: ``.venv/bin/python benchmarks/pdf.py``. Targets: receipt at most 1 s of processor, technical file at most 8 s.
"""

import copy
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["DATABASE_URL"] = "sqlite:///:memory:"

import django

django.setup()

from django.core.management import call_command

from applications.demonstration import declaration_of, fill
from applications.demonstration.samples import read_sample
from applications.pdf import papers
from applications.pdf.receipt import receipt_pdf
from applications.services import deposit, drafts
from applications.services.calls import load_edition
from applications.services.editions import read_edition
from clusters_portal.accounts.models import User
from clusters_portal.lib import clock
from clusters_portal.lib.pdf import render_pdf

LONG = {"strategie": "strategy", "territoire": "territory", "gouvernance": "governance", "start-up": "startups"}


def deposited():
    """A deposit of sample A in a database of its own."""
    call_command("migrate", verbosity=0)
    call, _created = load_edition(read_edition("edition_2026.json"), now=clock.now())
    call.published_at = call.opens_at
    call.save()
    actor = User.objects.create_user("banc@cluster.example", "motdepasse-essai", first_name="Prénom", last_name="NOM")
    sample = read_sample("a-textile")
    with clock.set_to(call.deadline_at):
        application = drafts.create_application(call=call, association_name=sample["association"]["name_fr"], actor=actor)
        fill(application, sample, actor=actor)
        return deposit.deposit(application=application, declaration=declaration_of(sample, call), actor=actor)


def enlarged(content):
    """The same dossier as large as people make them: 90 members, dozens of projects, long texts as long as the forms allow."""
    content = copy.deepcopy(content)
    steps = content["steps"]
    for slug, part in LONG.items():
        steps[slug][part] = {name: lengthened(text, 5000) for name, text in steps[slug][part].items()}
    steps["membres"]["members"] *= 3
    steps["plan-action"]["actions"] *= 3
    for part in ("cooperation", "collaborative"):
        steps["projets"][part] = [{name: lengthened(text, 1500) for name, text in row.items()} for row in steps["projets"][part]] * 3
    return content


def lengthened(text, size):
    """A text of several words repeated up to `size` characters; anything else as it is."""
    return "\n".join([text] * (size // (len(text) + 1))) if isinstance(text, str) and len(text.split()) > 4 else text


def timed(function):
    """Seconds of processor and the value; the first call, which loads the engine, is not counted."""
    function()
    start = time.process_time()
    value = function()
    return time.process_time() - start, value


def technical(content, call):
    sha256 = papers.fingerprint_of(content)
    return lambda: papers.technical_file_pdf(content, call, lang="fr", reference="CL-2026-0001", sha256=sha256)


def main():
    """Print one line per document."""
    made = deposited()
    call = made.application.call
    bare, page = timed(lambda: render_pdf("pdf/demonstration_piece.html", {"piece_title": "Page"}, lang="fr"))
    print(f"bare document     {page.pages:3d} page    {bare:.2f} s CPU")
    documents = [
        ("receipt", 1, lambda: receipt_pdf(made, lang="fr", verify_url="https://clusters.example/verifier/CL-2026-0001/")),
        ("technical file", 8, technical(made.content, call)),
        ("technical file", 8, technical(enlarged(made.content), call)),
    ]
    for name, target, function in documents:
        seconds, printed = timed(function)
        verdict = "ok" if seconds <= target else "TOO SLOW"
        print(f"{name:<17} {printed.pages:3d} pages   {seconds:.2f} s CPU   ratio {seconds / bare:.0f}   (target {target} s)   {verdict}")


if __name__ == "__main__":
    main()
