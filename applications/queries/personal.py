"""What a person's account has to do with dossiers."""

from .access import own_applications


def roles_of(user) -> dict:
    """The dossiers on which the person works, and as what. One query."""
    rows = own_applications(user).order_by("created_at")
    return {
        "applications": [
            {
                "id": str(application.pk),
                "number": application.number or "",
                "association": application.association.name_fr,
                "call": application.call.slug,
                "role": application.reader_role,
            }
            for application in rows
        ]
    }
