"""A list that uses the portal's own words is read back, whatever the language of the one who copied them."""

import pytest
from django.utils import translation

from applications.forms.organisation import MemberForm
from applications.imports import values

READERS = {
    "category": values.read_category,
    "engagement": values.read_engagement,
    "size": values.read_size,
    "region": values.read_region,
}


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("name", READERS)
def test_each_choice_of_the_form_is_read_as_itself(language, name):
    with translation.override(language):
        choices = [(str(code), str(label)) for code, label in MemberForm().fields[name].choices if code]
    assert [(label, READERS[name](label)) for _code, label in choices] == [(label, code) for code, label in choices]
