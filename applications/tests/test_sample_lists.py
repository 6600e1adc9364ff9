"""The three lists associations sent, from the file to the dossier: nothing but the columns is confirmed by hand."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.demonstration.samples import FOLDER
from applications.models import ImportDraft, Member, RejectedInput
from applications.queries import Dossier, member_facts
from applications.rules.membership import count

from .factories import make_application
from .imports.helpers import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
# domain.md 5: engaged members by category, then those who do not count, then industrial companies over engaged members
WANTED = {
    "a-textile": ({"company": 15, "research_training": 4, "other": 3}, {"potential": 8, "major_partner": 2}, (15, 22)),
    "b-hydrogene": ({"company": 9, "research_training": 4, "other": 2}, {"potential": 11}, (9, 15)),
    "c-agritech": ({"company": 18, "research_training": 5, "other": 3}, {"potential": 6, "major_partner": 3}, (18, 26)),
}


@pytest.mark.parametrize("name", FILES)
def test_list_is_imported_with_nothing_but_its_columns_confirmed(client, owner, name):
    application = make_application(user=owner)

    def address(page):
        return reverse(f"applications:members_{page}", args=[application.pk])

    file = SimpleUploadedFile(FILES[name], (FOLDER / FILES[name]).read_bytes())
    assert client.post(address("file"), {"file": file}).url == address("columns")
    form = client.get(address("columns")).context["form"]
    confirmed = {field: form[field].value() or "" for field in form.fields}
    if name != "a-textile":  # the two files that say nothing of the sector: the association is asked, and ticks its companies at once
        assert confirmed["qualify"] == ""
        for unsaid in ("", "sector"):
            answer = client.post(address("columns"), {**confirmed, "qualify": unsaid})
            assert answer.status_code == 422 and list(answer.context["form"].errors) == ["qualify"]
        confirmed["qualify"] = "all"
    assert client.post(address("columns"), confirmed).url == address("preview")
    page = client.get(address("preview"))
    assert page.context["found"].refused == []
    done = client.post(address("preview"), {"mode": "append", "draft": page.context["form"]["draft"].value()})
    assert done.url == reverse("applications:step", args=[application.pk, "membres"])

    members = list(Member.objects.filter(application=application))
    engaged, others, (qualifying, total) = WANTED[name]
    found = count(member_facts(Dossier(application)))
    assert {code: sum(m.category == code and m.engagement == "engaged" for m in members) for code in engaged} == engaged
    assert {code: sum(m.engagement == code for m in members) for code in others} == others
    assert len(members) == total + sum(others.values())
    assert (found.engaged, found.qualifying) == (total, qualifying)
    ices = [member.ice for member in members if member.ice]
    assert len(set(ices)) == len(ices) >= qualifying
    assert all(len(ice) == 15 and int(ice) % 97 == 0 for ice in ices)
    assert not ImportDraft.objects.exists() and not RejectedInput.objects.exists()


def test_zeros_a_spreadsheet_dropped_are_given_back(client, owner):
    application = make_application(user=owner)
    pasted = "Nom\tICE\nFilature\t1561191000066\nMaille\t001561191000066\n"
    client.post(reverse("applications:members_paste", args=[application.pk]), {"text": pasted})
    found = client.get(reverse("applications:members_preview", args=[application.pk])).context["found"]
    assert found.rows[0].inputs["ice"] == "001561191000066"
    assert found.rows[1].errors == ["Same ICE as row 2."]
