"""What these tests share: members from the tables people have: read, mapped, judged in words, written as if typed."""

from applications.demonstration.samples import FOLDER
from applications.imports.preview import Mapping, preview
from applications.imports.source import Source
from applications.models import Member, RejectedInput, StepState
from applications.services.imports import apply_members, keep_members
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib.tabular import read_file, read_pasted

FILES = {"a-textile": "a-textile-membres.xlsx", "b-hydrogene": "b-hydrogene-membres.xlsx", "c-agritech": "c-agritech-membres.csv"}
HEADER = "Dénomination\tCatégorie\tEngagement\tICE\tRégion\tCotisation"
ICE_1, ICE_2 = "990000001000040", "990000002000013"


def source_of(name):
    with (FOLDER / FILES[name]).open("rb") as file:
        return Source.of(read_file(file, name=FILES[name]), FILES[name])


def pasted(*lines, header=HEADER):
    return Source.of([read_pasted("\n".join([header, *lines] if header else lines))], "pasted")


def read(source, members=(), **options):
    return preview(source, Mapping(tuple(guess.field for guess in source.guesses()), **options), list(members))


def add(application, user, *lines, mode="append", header=HEADER):
    draft = keep_members(application=application, source=pasted(*lines, header=header), actor=user)
    return apply_members(draft=draft, mode=mode, actor=user)


def stored(application):
    return list(Member.objects.filter(application=application).values())


def state(application):
    """Everything an import may touch, to assert that a refusal changed none of it."""
    return stored(application), list(StepState.objects.values()), list(RejectedInput.objects.values()), AuditEntry.objects.count()
