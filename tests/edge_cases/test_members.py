"""X12, X13, X20 and X21: one company twice, an ICE that lost its zeros, members without identifiers, names too long or that lie."""

import pytest
from django.urls import reverse

from applications.models import Application, Deposit, Member, RejectedInput
from applications.tests.factories import close, make_application, make_call
from applications.tests.staff_fixtures import officer

from .dossiers import address, declare, filled, member, members, panel, read, sample_with, standing_in_the_way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ICE, PADDED, WRONG_KEY = "990000001000040", "001561191000066", "001561191000065"
KEY = "The control key of this ICE does not match: check the number."


def status_of(application):
    return Application.objects.get(pk=application.pk).status


def add(client, application, **values):
    """Add a member on its own page, as typed."""
    typed = {f"members-{name}": value for name, value in values.items()}
    return client.post(address("row_add", application, "membres", "members"), typed, follow=True)


def paste(client, application, *lines):
    """Paste a list and open its preview."""
    client.post(address("members_paste", application), {"text": "\n".join(("Nom\tCatégorie\tEngagement\tICE", *lines))})
    return client.get(address("members_preview", application))


def apply(client, application, page):
    return client.post(address("members_preview", application), {"mode": "append", "draft": page.context["form"]["draft"].value()})


# --- X12 ----------------------------------------------------------------------------------------------------------------
def twice_the_same(companies):
    return [*members(companies=companies), member("Filature Une", ice=ICE), member("Filature Une, site de Fès", ice=ICE)]


SAME = "These rows are counted as one member: Filature Une, Filature Une, site de Fès."


def test_x12_one_ice_twice_in_a_dossier_is_one_member(client, owner):
    application = filled(owner, sample_with(members=twice_the_same(13)))
    said = panel(client, application)
    assert SAME in said and "14/15 members" in said
    assert standing_in_the_way(client, application) == ["14 engaged members counted; at least 15 are required. 1 member is missing."]
    assert declare(client, application).status_code == 409 and status_of(application) == "draft"


def test_x12_beyond_the_threshold_the_double_only_warns(client, owner):
    application = filled(owner, sample_with(members=twice_the_same(14)))
    assert SAME in panel(client, application) and standing_in_the_way(client, application) == []
    declare(client, application)
    assert status_of(application) == "deposited"


def test_x12_one_company_in_two_dossiers_is_allowed_and_dptc_is_told(client, owner):
    call = make_call(prefix="CL-2026")
    for name, ice in (("Cluster Un", ICE), ("Cluster Deux", ICE), ("Cluster Trois", "")):
        rows = [*members(companies=14), member(f"Filature de {name}", ice=ice)]
        declare(client, filled(owner, sample_with(members=rows), call=call, name=name))
    first, second, third = Deposit.objects.order_by("number")
    assert [made.application.status for made in (first, second, third)] == ["deposited"] * 3
    close(call)
    client.force_login(officer())
    page = client.get(address("admissibility", first.application))
    told = [(name, [other.number for other in others]) for name, others in page.context["shared"]]
    listed = first.content["steps"]["membres"]["members"][-1]["name_fr"]
    assert told == [(listed, ["CL-2026-0002"])]
    assert f"{listed} CL-2026-0002" in read(page)
    assert client.get(address("admissibility", third.application)).context["shared"] == []


# --- X13 ----------------------------------------------------------------------------------------------------------------
def test_x13_an_ice_without_its_zeros_is_repaired_on_the_form(client, owner):
    application = make_application(user=owner)
    page = add(client, application, name_fr="Atelier", category="company", engagement="engaged", ice="1561191000066")
    assert Member.objects.get().ice == PADDED and not RejectedInput.objects.exists()
    assert PADDED in read(page) and KEY not in read(page)


def test_x13_a_wrong_key_warns_on_the_form_and_blocks_nothing(client, owner):
    application = filled(owner)
    add(client, application, name_fr="Atelier", category="company", engagement="engaged", qualifies="on", ice="1561191000065")
    assert Member.objects.get(name_fr="Atelier").ice == WRONG_KEY
    assert KEY in read(client.get(address("step", application, "membres")))
    assert standing_in_the_way(client, application) == []


def test_x13_a_pasted_list_is_repaired_and_doubted_the_same_way(client, owner):
    application = make_application(user=owner)
    page = paste(client, application, "Un\tEntreprise\tEngagé\t1561191000066", "Deux\tEntreprise\tEngagé\t1561191000065")
    assert read(page).count(KEY) == 1
    apply(client, application, page)
    assert dict(Member.objects.values_list("name_fr", "ice")) == {"Un": PADDED, "Deux": WRONG_KEY}


# --- X20 ----------------------------------------------------------------------------------------------------------------
def test_x20_a_foreign_member_without_ice_and_a_university_without_register_are_members(client, owner):
    rows = members(companies=13)
    rows += [member("Vento Norte SA (Porto)") | {"region": ""}, member("Université d'essai", "research_training")]
    application = filled(owner, sample_with(members=rows))
    assert set(application.members.values_list("ice", "trade_register")) == {("", "")}
    said = panel(client, application)
    assert "15/15 members" in said and "14/15 = 93,33 %" in said and "Nothing is missing." in said
    assert standing_in_the_way(client, application) == []
    declare(client, application)
    assert status_of(application) == "deposited"


# --- X21 ----------------------------------------------------------------------------------------------------------------
LONG = "Société " + "x" * 312
LYING = "\u202eedoC Atlas\u200b \u2067Fil\u2069\ufeff"


def test_x21_a_name_of_320_characters_is_asked_again_and_kept_as_typed(client, owner):
    application = make_application(user=owner)
    page = add(client, application, name_fr=LONG, category="company", engagement="engaged")
    row = Member.objects.get()
    assert (row.name_fr, RejectedInput.objects.get().raw) == ("", LONG)
    shown = client.get(address("row", application, "membres", "members", row.pk))
    assert LONG in shown.content.decode() and "200 characters" in read(shown) and "320" in read(shown)
    assert page.status_code == 200
    preview = paste(client, application, f"{LONG}\tEntreprise\tEngagé\t")
    assert "200 characters" in read(preview)
    apply(client, application, preview)
    assert Member.objects.count() == 1


def test_x21_marks_that_turn_or_hide_letters_are_taken_out_of_names(client, owner):
    call = make_call()
    client.post(reverse("applications:application_create", args=[call.slug]), {"name": "\u202eretsulC Fil\u200b"})
    mine = Application.objects.get()
    assert mine.association.name_fr == "retsulC Fil"
    add(client, mine, name_fr=LYING, category="company", engagement="engaged")
    apply(client, mine, paste(client, mine, f"{LYING} bis\tEntreprise\tEngagé\t"))
    assert sorted(Member.objects.values_list("name_fr", flat=True)) == ["edoC Atlas Fil", "edoC Atlas Fil bis"]
