"""Data in several languages."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from clusters_portal.lib.bilingual import localized

FULL = SimpleNamespace(label_fr="Location", label_ar="الكراء", label_en="Rent")


@pytest.mark.parametrize(
    ("language", "text"), [("fr", "Location"), ("ar", "الكراء"), ("en", "Rent"), ("ar-ma", "الكراء"), ("de", "Location")]
)
def test_localized_follows_the_active_language(language, text):
    with translation.override(language):
        assert localized(FULL, "label") == text


def test_localized_falls_back_to_french_then_to_what_there_is():
    with translation.override("en"):
        assert localized(SimpleNamespace(label_fr="Location", label_en=""), "label") == "Location"
        assert localized(SimpleNamespace(label_ar="الكراء"), "label") == "الكراء"
        assert localized(SimpleNamespace(), "label") == ""


def test_localized_reads_dicts_and_an_explicit_language():
    assert localized({"name_fr": "Rabat", "name_ar": "الرباط"}, "name", "ar") == "الرباط"
