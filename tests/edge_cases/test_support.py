"""X11: the call of 2023 takes existing clusters supported for strictly more than eight years."""

from datetime import date, timedelta

import pytest

from applications.demonstration.samples import rows
from applications.models import Application
from applications.services.calls import load_edition
from applications.services.editions import read_edition
from clusters_portal.lib import clock

from .dossiers import declare, filled, panel, sample_with, standing_in_the_way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FIRST, LAST = date(2014, 3, 1), date(2022, 2, 28)  # eight years to the day, both days included


@pytest.fixture
def call():
    """The edition of 2023 as shipped, its three dates moved to these weeks."""
    data, now = read_edition("edition_2023.json"), clock.now()
    call, _created = load_edition(data, now=now)
    call.published_at = call.opens_at = now - timedelta(days=10)
    call.deadline_at = (now + timedelta(days=20)).replace(microsecond=0)
    call.save()
    return call


def existing(owner, call, *periods):
    support = rows("support", [{"starts_on": f"{a:%d/%m/%Y}", "ends_on": f"{b:%d/%m/%Y}"} for a, b in periods])
    return filled(owner, sample_with(), call=call, steps={"identite": {"identity-applicant_type": "existing", **support}})


def test_x11_exactly_eight_years_are_not_more_than_eight(client, owner, call):
    application = existing(owner, call, (FIRST, LAST))
    sentence = "State support received: 8 years and 0 days; strictly more than 8 years are required."
    assert sentence in panel(client, application, "identite")
    assert standing_in_the_way(client, application) == [sentence]
    assert declare(client, application).status_code == 409
    assert Application.objects.get(pk=application.pk).status == "draft"


def test_x11_one_day_more_is_enough(client, owner, call):
    application = existing(owner, call, (FIRST, LAST + timedelta(days=1)))
    assert standing_in_the_way(client, application) == []
    declare(client, application)
    assert Application.objects.get(pk=application.pk).status == "deposited"


def test_x11_days_covered_by_two_contracts_count_once(client, owner, call):
    application = existing(owner, call, (FIRST, LAST), (date(2016, 1, 1), date(2018, 12, 31)))
    assert "State support received: 8 years and 0 days" in standing_in_the_way(client, application)[0]


def test_x11_the_edition_of_2026_takes_no_existing_cluster(client, owner):
    application = filled(owner, steps={"identite": {"identity-applicant_type": "existing"}})
    assert "This call is open to new clusters only." in standing_in_the_way(client, application)
