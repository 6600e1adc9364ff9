"""What must be true before the portal serves a page: `manage.py check`, and `--deploy` for a real server.

Sentences are in English like Django's own: whoever starts the server reads them, not its users.
"""

import re
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Warning

from .lib.clock import tzdata_is_current

SHEETS_WITH_FONTS = ("arabic.css", "pdf.css")
FONT_ADDRESS = re.compile(r'url\("?([^")]+\.(?:woff2|ttf))"?\)')


def time_zone_data(app_configs=None, **kwargs):
    """An older tzdata closes every call one hour early or late."""
    if tzdata_is_current():
        return []
    return [
        Error(
            "The time zone data does not know that Morocco has been at UTC+0 since 20 September 2026: deadlines would be one hour wrong.",
            hint="Install the tzdata package of requirements.txt.",
            id="portal.E001",
        )
    ]


def fonts_are_present(app_configs=None, **kwargs):
    """Without its fonts an Arabic page falls back to whatever is there, and a receipt cannot be made."""
    return [
        Error(f"The font {path.name} is missing from {path.parent}.", hint="Run `make vendor`.", id="portal.E002")
        for path in font_files(Path(settings.BASE_DIR) / "static" / "css")
        if not path.is_file()
    ]


def production_is_not_a_demonstration(app_configs=None, **kwargs):
    """The demonstration shows its logins; development shows its errors. Neither belongs on a real server."""
    found = []
    if settings.DEMO_MODE:
        sentence = "DEMO_MODE is on: the sign-in page shows the logins of the demonstration."
        found.append(Error(sentence, hint="Unset DEMO_MODE.", id="portal.E003"))
    if settings.SECRET_KEY == settings.DEVELOPMENT_KEY:
        sentence = "SECRET_KEY is the development key, which is public."
        found.append(Error(sentence, hint="Set SECRET_KEY to a long random text.", id="portal.E004"))
    if not settings.HTTPS:
        sentence = "HTTPS is off: passwords and dossiers travel in clear."
        found.append(Warning(sentence, hint="Set HTTPS=1 behind a TLS proxy.", id="portal.W001"))
    return found


def font_files(folder: Path) -> list[Path]:
    """The files named by the style sheets that declare fonts."""
    return [
        (folder / address).resolve()
        for sheet in SHEETS_WITH_FONTS
        for address in FONT_ADDRESS.findall((folder / sheet).read_text(encoding="utf-8"))
    ]
