"""What a committee may conclude on a dossier: the choices shared by a vote's proposal and by the decision it leads to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    SELECTED = "selected", _("Selected")
    SELECTED_WITH_RESERVATIONS = "selected_with_reservations", _("Selected with reservations")
    WAITING_LIST = "waiting_list", _("Waiting list")
    DEFERRED = "deferred", _("Deferred")
    NOT_SELECTED = "not_selected", _("Not selected")
