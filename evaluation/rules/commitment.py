"""The commitment of confidentiality an evaluator signs before reading any dossier (the « engagement » of the annex: what applicants
hand in is treated confidentially). The journal keeps the text each person signed, so that a later wording changes nothing of theirs.
"""

from django.utils.translation import gettext_lazy as _

PARAGRAPHS = (
    _("I keep confidential what I learn of the applications, the marks and the discussions, during the evaluation and after it."),
    _("I use the documents for this evaluation only. I publish none of them, pass none of them on, and destroy my copies when it is over."),
    _("I do not contact the applicants about their applications. I put my questions to DPTC."),
    _("I protect the personal data of the people named in the applications, as Law 09-08 requires."),
    _("I declare to DPTC without delay any interest I have in an application, and any disclosure I learn of."),
)
