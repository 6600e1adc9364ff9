"""What a step says before anything else: the call is closed, one's own other tab saved first."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Strategy
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock

from .factories import add_editor, make_application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
OWN = "Not saved: you have changed this page elsewhere"
OTHER = "Not saved: somebody else has changed this page"


def send_stale(client, application):
    address = reverse("applications:step", args=[application.pk, "strategie"])
    return client.post(address, {"version": "0", "strategy-overall": "Second"}).content.decode()


@pytest.mark.parametrize("own", [True, False])
def test_conflict_tells_ones_own_other_tab_from_somebody_else(client, owner, own):
    application = make_application(user=owner)
    first = owner if own else add_editor(application)
    save_step(application=application, step=STEPS_BY_SLUG["strategie"], data={"strategy-overall": "First"}, actor=first)
    text = send_stale(client, application)
    assert (OWN in text, OTHER in text) == (own, not own)
    assert Strategy.objects.get().overall == "First"


@pytest.mark.parametrize("closed", [True, False])
def test_step_says_that_the_call_is_closed(client, owner, closed):
    application = make_application(user=owner)
    if closed:
        type(application.call).objects.filter(pk=application.call_id).update(deadline_at=clock.now() - timedelta(seconds=1))
    text = client.get(reverse("applications:step", args=[application.pk, "pieces"])).content.decode()
    assert ("Your draft is kept, but it can no longer be submitted." in text) == closed
