"""The three calls shipped with the portal, for tests."""

from applications.services.calls import load_edition
from applications.services.editions import SHIPPED, read_edition


def load_all(now) -> dict:
    """{slug: call} of the 2026, 2023 and demonstration editions, loaded as `manage.py load_editions` does."""
    return {call.slug: call for call in (load_edition(read_edition(name), now=now)[0] for name in SHIPPED)}
