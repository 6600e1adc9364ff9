"""What DPTC does at its desk in the demonstration: who answers for which application, labels, notes, a view for everyone."""

from datetime import timedelta

from clusters_portal.lib import clock

from ..models import Label
from ..services.assignees import assign
from ..services.notes import set_labels, write_note
from ..services.saved_views import save_view

# text in French, in Arabic, colour, and the places of the applications that bear it
LABELS = (
    ("Pièces à relire", "وثائق تعاد قراءتها", Label.Tone.WARN, (1, 6)),
    ("Membres communs", "أعضاء مشتركون", Label.Tone.INFO, (3, 5)),
    ("Visite prévue", "زيارة مبرمجة", Label.Tone.OK, (0, 5)),
)
NOTES = (
    (1, "La liste des membres a été comparée avec celle du dossier CL-2026-0004 : un membre est commun."),
    (5, "Le budget de l'année 1 a été refait à la main : les totaux sont exacts."),
)
VIEW = ("Casablanca-Settat", "region=MA-06&sort=name")


def work_at_the_desk(applications, *, officer, head) -> None:
    """Some of the closed edition, the evening after they were declared recevables."""
    moment = applications[0].call.deadline_at + timedelta(days=5)
    with clock.set_to(moment):
        labels = {row[0]: Label.objects.create(text_fr=row[0], text_ar=row[1], tone=row[2]) for row in LABELS}
        for place, application in enumerate(applications):
            if borne := [labels[text] for text, _ar, _tone, places in LABELS if place in places]:
                set_labels(application=application, labels=borne, actor=officer)
            if place % 2:
                assign(application=application, assignee=officer, actor=head)
        for place, body in NOTES:
            write_note(application=applications[place], body=body, actor=officer)
        name, query = VIEW
        save_view(name=name, query=query, is_shared=True, actor=head)
