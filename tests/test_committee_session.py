"""One full session in the browser: five members, one recused, equals across the third place decided by vote (issue 4, point 13)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from applications.models import Application
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from evaluation.models import Ballot, CommitteeSession, Decision
from evaluation.tests import factories as make
from tests.walk import minutes
from tests.walk import session as walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = {"reasons_fact": "Masse critique insuffisante.", "reasons_law": "Cahier des charges, article 7.2."}


@pytest.fixture
def meeting(browser_page):
    """Six dossiers ranked 1, 2, 3, 3, 5, 6 for three places; a chair and four members, each with a screen; the secretary's page."""
    call, dossiers, _ranking = make.call_before_committee(5, 4.5, 4, 4, 3, 2, places=3, people=1)
    head, chair = make.user(Role.DIVISION_HEAD), make.user(Role.COMMITTEE_CHAIR)
    members = [make.user(Role.COMMITTEE_MEMBER) for _ in range(4)]
    secretary = browser_page(user=head)
    people = {chair: "chair", **dict.fromkeys(members, "member")}
    day = clock.today(clock.now() + timedelta(days=1)).strftime("%d/%m/%Y")
    walk.prepare(secretary, call, day, people)
    screens = {person: browser_page(user=person, width=360 if person == members[0] else 1280) for person in people}
    return call, dossiers, secretary, screens, chair, members


def declare_an_interest(page, call, application):
    page.goto(walk.session_url(call))
    page.locator(".data-table tr", has_text=application.number).locator('a[href$="/interets/"]').click()
    page.locator('[name="interest"][value="disqualifying"]').check()
    page.locator('[name="kind"]').select_option("employment")
    page.locator('[name="text"]').fill("Ancien salarié.")
    walk.press(page, "main form button.btn-primary")
    expect(page.locator("main")).not_to_contain_text(application.number)


def vote(page, application):
    """On a screen that follows by itself: the buttons appear without a reload."""
    button = page.locator("form.vote button", has_text=application.number)
    button.wait_for()
    button.click()
    page.locator(".ballot__mine").wait_for()


def hold_full_session(meeting):
    """From the arrivals to the closing; returns (call, the closed session, the secretary's page, the screens by person)."""
    call, dossiers, secretary, screens, chair, members = meeting
    first, second, third, fourth, fifth, sixth = dossiers
    declare_an_interest(screens[members[3]], call, fifth)
    walk.open_with_everyone(secretary, call)
    for page in screens.values():
        page.goto(walk.session_url(call))

    for rank, application in ((1, first), (2, second)):
        walk.go_to(secretary, call, application)
        walk.decide(secretary, call, application, "selected", adopted_rank=str(rank))
    break_the_tie(call, secretary, screens, chair, members, third, fourth)
    recused_item(call, secretary, screens, members[3], fifth)
    walk.go_to(secretary, call, sixth)
    walk.decide(secretary, call, sixth, "not_selected", adopted_rank="", **WHY)
    walk.close(secretary, call)
    return call, CommitteeSession.objects.get(), secretary, screens


def break_the_tie(call, secretary, screens, chair, members, third, fourth):
    """Two against two, the recused member kept from every vote of the call: the chair settles it with a reason."""
    walk.go_to(secretary, call, fourth)
    walk.press(secretary, 'form[action$="/departage/"] button')
    choices = {chair: fourth, members[0]: third, members[1]: third, members[2]: fourth}
    for person, application in choices.items():
        vote(screens[person], application)
    expect(screens[members[3]].locator("form.vote")).to_have_count(0)
    secretary.goto(walk.session_url(call))
    walk.press(secretary, 'form[action*="/votes/"][action$="/clore/"] button')
    page = screens[chair]
    page.goto(walk.session_url(call))
    ballot = Ballot.objects.get()
    form = page.locator('form[action$="/voix-preponderante/"]')
    form.locator(f'[name="option"][value="{ballot.options.get(application=fourth).pk}"]').check()
    form.locator('[name="reason"]').fill("Région sans cluster labellisé.")
    form.locator("button").click()
    page.wait_for_load_state()
    walk.nothing_refused(page)
    secretary.goto(walk.session_url(call))
    filled = secretary.locator('[name="tie_break_reason"]').input_value()
    assert fourth.number in filled and "Région sans cluster labellisé." in filled
    expect(secretary.locator('[name="outcome"][value="selected"]')).to_be_checked()
    walk.decide(secretary, call, fourth, "selected", adopted_rank="3")
    walk.go_to(secretary, call, third)
    walk.decide(secretary, call, third, "waiting_list", **WHY)


def recused_item(call, secretary, screens, recused, application):
    """The member's screen says that they do not take part, and nothing of what."""
    walk.go_to(secretary, call, application)
    page = screens[recused]
    page.locator('[data-live-token*="-True-"]').wait_for()
    assert application.number not in page.content() and application.association.name_fr not in page.content()
    item = application.agenda_items.get()
    assert page.goto(f"{walk.session_url(call)}points/{item.pk}/interets/").status == 404
    page.goto(walk.session_url(call))
    walk.decide(secretary, call, application, "not_selected", adopted_rank="", **WHY)


def test_a_full_session(meeting, axe):
    call, session, secretary, screens = hold_full_session(meeting)
    _call, (first, second, third, fourth, fifth, sixth), *_rest = meeting
    assert session.status == "closed"
    assert list(session.items.values_list("status", flat=True)) == ["done"] * 6
    adopted = {d.application_id: (d.outcome, d.adopted_rank, d.ladder_step) for d in Decision.objects.select_related("ballot")}
    assert adopted == {
        first.pk: ("selected", 1, ""),
        second.pk: ("selected", 2, ""),
        third.pk: ("waiting_list", 4, "f"),
        fourth.pk: ("selected", 3, "f"),
        fifth.pk: ("not_selected", None, ""),
        sixth.pk: ("not_selected", None, ""),
    }
    ballot = Ballot.objects.get()
    assert (ballot.present, ballot.votes.count(), ballot.casting_reason) == (4, 4, "Région sans cluster labellisé.")
    assert not Application.objects.filter(status="in_committee").exists()
    for page in screens.values():
        page.locator(f'.live a[href="{walk.session_url(call)}"]').wait_for()
    assert axe(secretary) == []
    text = " ".join(minutes.draw_up(secretary, call).split())
    assert all(application.number in text for application in (first, second, third, fourth, fifth, sixth))
    assert "Région sans cluster labellisé." in text


@pytest.mark.parametrize("language, width", [("fr", 1280), ("ar", 360), ("fr", 360)])
def test_screens_are_accessible_and_fit(meeting, browser_page, axe, language, width):
    call, dossiers, secretary, _screens, chair, _members = meeting
    pages = {
        "chair": browser_page(user=chair, language=language, width=width),
        "member": browser_page(user=_members[0], language=language, width=width, javascript=language == "ar"),
    }
    secretary.goto(walk.session_url(call))
    walk.open_with_everyone(secretary, call)
    walk.go_to(secretary, call, dossiers[2])
    walk.press(secretary, 'form[action$="/departage/"] button')
    for page in pages.values():
        for address in ("", "ecran/"):
            page.goto(walk.session_url(call) + address)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
            if page is pages["chair"]:
                assert axe(page) == [], address
    page = pages["member"]
    page.goto(walk.session_url(call))
    page.locator("form.vote button").first.click()
    page.wait_for_load_state()
    assert Ballot.objects.get().votes.count() == 1
