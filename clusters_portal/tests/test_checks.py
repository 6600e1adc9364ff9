"""The start-up checks: silent when all is well, one sentence for each thing that is not."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.checks import registry, run_checks

from clusters_portal import checks
from clusters_portal.lib import clock

OUR_CHECKS = (checks.time_zone_data, checks.fonts_are_present)


def ids(found):
    return [message.id for message in found]


def test_nothing_is_wrong_here():
    assert [message for check in OUR_CHECKS for message in check()] == []


def test_checks_are_registered():
    names = {check.__name__ for check in registry.registry.get_checks(include_deployment_checks=True)}
    assert {"time_zone_data", "fonts_are_present", "production_is_not_a_demonstration"} <= names
    assert [message for message in run_checks() if message.id.startswith("portal.")] == []


def test_old_time_zone_data_is_an_error(monkeypatch):
    # A zone that stayed at UTC+1, as Morocco does in data older than the change of 2026.
    monkeypatch.setattr(clock, "CASABLANCA", ZoneInfo("Africa/Lagos"))
    assert ids(checks.time_zone_data()) == ["portal.E001"]


def test_fonts_named_by_the_sheets_are_found(settings):
    names = [path.name for path in checks.font_files(Path(settings.BASE_DIR) / "static" / "css")]
    assert "NotoNaskhArabic-Regular.ttf" in names
    assert "ibm-plex-sans-arabic-400.woff2" in names


def test_missing_font_is_an_error(settings, tmp_path):
    folder = tmp_path / "static" / "css"
    folder.mkdir(parents=True)
    (folder / "arabic.css").write_text('src: url("../fonts/gone.woff2") format("woff2");')
    (folder / "pdf.css").write_text("")
    settings.BASE_DIR = tmp_path
    (message,) = checks.fonts_are_present()
    assert (message.id, "gone.woff2" in message.msg) == ("portal.E002", True)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [("DEMO_MODE", True, "portal.E003"), ("HTTPS", False, "portal.W001")],
)
def test_production_is_told(settings, name, value, found):
    settings.HTTPS, settings.DEMO_MODE = True, False
    assert checks.production_is_not_a_demonstration() == []
    setattr(settings, name, value)
    assert ids(checks.production_is_not_a_demonstration()) == [found]


def test_development_key_is_refused_in_production(settings):
    settings.HTTPS, settings.SECRET_KEY = True, settings.DEVELOPMENT_KEY
    assert ids(checks.production_is_not_a_demonstration()) == ["portal.E004"]
