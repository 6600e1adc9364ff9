"""After a session, in the browser: minutes drawn up, opened, signed by the chair; letters issued; an applicant reads and appeals."""

import pytest
from playwright.sync_api import expect

from evaluation.models import Appeal, ConflictDeclaration, Letter, Minutes, MinutesSignature
from evaluation.tests.deliberated import OPENED, held, mandatary
from evaluation.tests.factories import REASONS
from tests.walk import minutes as walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_minutes_to_the_appeal(browser_page, axe):
    it = held(5, 4, 3, places=1, outcomes=["selected", "waiting_list", "not_selected"])
    it.chair.set_password(walk.PASSWORD)
    it.chair.save()
    recused, rejected = it.people[3], it.dossiers[2]
    ConflictDeclaration.objects.create(
        evaluator=recused,
        application=it.dossiers[1],
        interest="disqualifying",
        kind="family",
        text="x",
        status="confirmed",
        declared_at=OPENED,
    )
    secretary = browser_page(user=it.head)
    text = walk.draw_up(secretary, it.call)
    minutes = Minutes.objects.get()
    assert all(dossier.number in text for dossier in it.dossiers)
    assert minutes.sha256 in text.replace("\n", "")

    signer = browser_page(user=it.chair)
    walk.sign(signer, it.call, it.chair)
    it.session.refresh_from_db()
    assert (it.session.status, MinutesSignature.objects.get().signer) == ("signed", it.chair)
    reader = browser_page(user=recused)
    read = walk.text_of(reader, f"{secretary.url}1/document/")
    assert [dossier.number in read for dossier in it.dossiers] == [True, False, True]

    walk.issue_letters(secretary, it.call)
    assert Letter.objects.count() == 3
    assert axe(secretary) == []
    applicant = browser_page(user=mandatary(rejected), language="ar", width=360)
    applicant.goto(f"/dossiers/{rejected.pk}/decision/")
    expect(applicant.locator('[data-outcome="not_selected"]')).to_contain_text(REASONS["reasons_fact"])
    assert axe(applicant) == []
    walk.appeal(applicant, "Le nombre d'entreprises est atteint.")
    assert Appeal.objects.get().application == rejected
    assert walk.session_url(it.call) in secretary.url
