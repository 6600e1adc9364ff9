"""What the forms of a draft refuse and how they show what is stored."""

from decimal import Decimal

import pytest
from django.utils import translation

from applications.forms.base import draft_formfield
from applications.forms.identity import IdentityForm
from applications.models import Identity, Officer
from applications.recap.values import cell_of
from clusters_portal.lib.fields import CountField, PercentField


@pytest.mark.parametrize("text", ["www.cluster.ma", "https://cluster.ma/fr/accueil?x=1", "http://قطب.المغرب", ""])
def test_website_takes_what_people_write_on_a_card(text):
    form = IdentityForm({"website": text})
    assert form.accepted["website"] == text
    assert "website" not in form.errors


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("website", "pas une url", "Enter a web address, for example www.cluster.ma."),
        ("website", "contact@cluster.ma", "Enter a web address, for example www.cluster.ma."),
        ("nma_division", "xx", "Two digits, for example 13 for textiles."),
        ("nma_division", "7", "Two digits, for example 13 for textiles."),
    ],
)
def test_website_and_division_that_cannot_be_read_are_handed_back(name, text, sentence):
    with translation.override("en"):
        form = IdentityForm({name: text})
        assert form.accepted[name] == ""
        assert form.errors[name] == [sentence]
        assert form.raw_of(name) == text


def test_a_choice_that_is_not_made_says_so_in_words():
    field = draft_formfield(Identity._meta.get_field("sector_type"))
    with translation.override("en"):
        assert [str(label) for value, label in field.choices if not value] == ["— Choose —"]


def test_choices_follow_the_language_of_the_reader():
    def regions(language):
        with translation.override(language):
            return {value: str(label) for value, label in IdentityForm().fields["region"].choices}

    assert regions("fr")["MA-01"] == "Tanger-Tétouan-Al Hoceïma"
    assert regions("ar")["MA-01"] == "طنجة - تطوان - الحسيمة"


def test_stored_phone_is_read_back_as_people_write_it():
    assert cell_of(Officer, "phone", "+212610007919", labels=None).text == "06 10 00 79 19"


def test_counts_and_percentages_are_shown_without_groups():
    assert CountField().prepare_value(Decimal(2024)) == "2024"
    assert PercentField().prepare_value(Decimal("12.50")) == "12,5"
