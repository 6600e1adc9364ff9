"""Logins of the demonstration, shown on the sign-in page in DEMO_MODE only."""

from django.utils.translation import gettext as _

from .models import User
from .roles import Role

DEMO_DOMAIN = "demo.example"
DEMO_PASSWORD = "demonstration"


def demo_logins() -> list:
    """Accounts of the demonstration as dicts with `role`, `name`, `email` and `password`, in the order of the work.

    Two queries whatever their number.
    """
    users = User.objects.filter(email__iendswith=f"@{DEMO_DOMAIN}", is_active=True).prefetch_related("groups").order_by("email")
    labels = dict(Role.choices)
    order = list(labels)
    rows = []
    for user in users:
        codes = sorted((group.name for group in user.groups.all() if group.name in labels), key=order.index)
        rank = order.index(codes[0]) if codes else -1
        role = ", ".join(str(labels[code]) for code in codes) or _("Applicant")
        rows.append((rank, {"role": role, "name": user.get_full_name(), "email": user.email, "password": DEMO_PASSWORD}))
    return [row for _rank, row in sorted(rows, key=lambda pair: pair[0])]
