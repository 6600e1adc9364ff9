"""Members from the tables people have: read, mapped, judged in words, written as if typed."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from applications.demonstration.samples import FOLDER, rows
from applications.forms.organisation import MemberForm
from applications.imports.headers import FIELDS, find_header, guess_columns, header_score
from applications.imports.preview import Mapping, preview
from applications.imports.source import Source
from applications.imports.values import read_category, read_engagement, read_region, read_section, read_yes_no
from applications.models import ImportDraft, Member, RejectedInput, StepState
from applications.services.drafts import DraftRefused, save_step
from applications.services.imports import ImportRefused, apply_members, keep_members
from applications.steps import STEPS_BY_SLUG
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.tabular import Table, read_file, read_pasted

from .builders import deposited_application, sample
from .factories import add_editor, make_application, make_user

FILES = {"a-textile": "a-textile-membres.xlsx", "b-hydrogene": "b-hydrogene-membres.xlsx", "c-agritech": "c-agritech-membres.csv"}
HEADER = "Dénomination\tCatégorie\tEngagement\tICE\tRégion\tCotisation"
ICE_1, ICE_2 = "990000001000040", "990000002000013"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def user(db):
    return make_user()


@pytest.fixture
def application(user):
    return make_application(user=user)


def source_of(name):
    with (FOLDER / FILES[name]).open("rb") as file:
        return Source.of(read_file(file, name=FILES[name]), FILES[name])


def pasted(*lines, header=HEADER):
    return Source.of([read_pasted("\n".join([header, *lines] if header else lines))], "pasted")


def read(source, members=(), **options):
    return preview(source, Mapping(tuple(guess.field for guess in source.guesses()), **options), list(members))


def add(application, user, *lines, mode="append", header=HEADER):
    draft = keep_members(application=application, source=pasted(*lines, header=header), actor=user)
    return apply_members(draft=draft, mode=mode, actor=user)


def stored(application):
    return list(Member.objects.filter(application=application).values())


def state(application):
    """Everything an import may touch, to assert that a refusal changed none of it."""
    return stored(application), list(StepState.objects.values()), list(RejectedInput.objects.values()), AuditEntry.objects.count()


# --- Headers ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["Raison sociale", "RC", "Membre depuis", "Taille", "Rôle dans le cluster"],
         ["name_fr", "trade_register", "joined_on", "size", "role"]),
        (["الاسم", "الفئة", "الانخراط", "التعريف الموحد للمقاولة", "الجهة", "القطاع", "الممثل", "الاشتراك السنوي"],
         ["name_fr", "category", "engagement", "ice", "region", "nma_section", "representative", "fee"]),
        (["Yearly fee", "Member since", "Name", "Name in Arabic", "Status", "Category"],
         ["fee", "joined_on", "name_fr", "name_ar", "engagement", "category"]),
        (["N°", "NOM DE L'ENTREPRISE", "Nom en arabe", "Statut", "Date d'adhésion", "Montant de la cotisation (DH)"],
         ["", "name_fr", "name_ar", "engagement", "joined_on", "fee"]),
        (["denomination", "categorie", "observations", "Represente par"], ["name_fr", "category", "", "representative"]),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_headers_in_any_order(headers, fields):
    assert [guess.field for guess in guess_columns(headers, [])] == fields


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_labels_of_the_form_itself_are_headers(language):
    with translation.override(language):
        labels = [str(field.label) for field in MemberForm.base_fields.values()]
    names = list(MemberForm.base_fields)
    assert set(FIELDS) == set(names)
    if labels != [str(field.label) for field in MemberForm.base_fields.values()] or language == "en":
        assert [guess.field for guess in guess_columns(labels, [])] == names


def test_headers_are_found_under_titles_and_a_list_without_headers_is_read_by_its_values():
    titled = Table("x", [["Liste des membres", ""], ["", ""], ["Nom", "ICE"], ["A", ICE_1]])
    assert find_header(titled) == 2
    source = pasted(f"Filature\tEntreprise\t{ICE_1}\tFès", f"Maille\tEntreprise\t{ICE_2}\tRabat", header="")
    assert [guess.field for guess in source.guesses()] == ["name_fr", "category", "ice", "region"]
    assert [row.name for row in read(source).accepted] == ["Filature", "Maille"]


def test_an_unknown_header_names_nothing():
    assert [header_score("Observations", field) for field in FIELDS] == [0] * len(FIELDS)


# --- Values -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reader", "text", "code"),
    [
        (read_category, "Entreprise", "company"),
        (read_category, "Formation / recherche", "research_training"),
        (read_category, "Université/Ecole", "research_training"),
        (read_category, "Institution, association, organisme public", "other"),
        (read_category, "مقاولة", "company"),
        (read_category, "جامعة", "research_training"),
        (read_category, "", ""),
        (read_category, "Association de recherche", None),
        (read_category, "banque", None),
        (read_engagement, "Engagé", "engaged"),
        (read_engagement, "Engagée", "engaged"),
        (read_engagement, "x", "engaged"),
        (read_engagement, "oui", "engaged"),
        (read_engagement, "non (intéressé)", "potential"),
        (read_engagement, "Potentiellement intéressé", "potential"),
        (read_engagement, "Partenaire majeur", "major_partner"),
        (read_engagement, "شريك رئيسي", "major_partner"),
        (read_engagement, "منخرط", "engaged"),
        (read_engagement, "non intéressé", None),
        (read_engagement, "غير منخرط", None),
        (read_engagement, "pas engagé", None),
        (read_engagement, "peut-être", None),
        (read_yes_no, "✓", "yes"),
        (read_yes_no, "Oui", "yes"),
        (read_yes_no, "لا", "no"),
        (read_region, "MA-06", "MA-06"),
        (read_region, "ma06", "MA-06"),
        (read_region, "GUELMIM-OUED NOUN", "MA-10"),
        (read_region, "Région de l'Oriental", "MA-02"),
        (read_region, "جهة سوس ماسة", "MA-09"),
        (read_region, "Rabat", "MA-04"),
        (read_region, "Nouaceur", "MA-06"),
        (read_region, "13", None),
        (read_region, "Paris", None),
        (read_section, "C", "C"),
        (read_section, "C – Industrie manufacturière", "C"),
        (read_section, "13.20", "C"),
        (read_section, "72", "M"),
        (read_section, "Construction", "F"),
        (read_section, "الصناعة التحويلية", "C"),
        (read_section, "A définir", None),
    ],
)
def test_free_wording_becomes_a_code_or_is_asked_about(reader, text, code):
    assert reader(text) == code


# --- The three files associations sent ------------------------------------------------------------------------------
def expected(name):
    """The members of the sample as far as its file tells them."""
    told = {
        "a-textile": ("ice", "region", "nma_section", "representative"),
        "b-hydrogene": ("ice", "region", "representative"),
        "c-agritech": ("ice", "region"),
    }
    return [
        {
            "name": member["name_fr"].casefold(),
            "category": member["category"],
            "engagement": member["engagement"],
            "fee": member["fee_mad"] or None,
            **{key: member[key] for key in told[name]},
        }
        for member in sample(name)["members"]
    ]


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_without_repair_and_gives_the_members_of_the_dossier(application, user, name):
    draft = keep_members(application=application, source=source_of(name), actor=user)
    done = apply_members(draft=draft, mode="append", actor=user)
    wanted = expected(name)
    assert (done.added, done.updated, done.deleted, done.skipped, done.refused) == (len(wanted), 0, 0, 0, 0)
    found = [{"name": row["name_fr"].casefold(), **{key: row[key] for key in wanted[0] if key != "name"}} for row in stored(application)]
    assert found == wanted
    assert [row["position"] for row in stored(application)] == list(range(len(wanted)))
    assert not RejectedInput.objects.exists() and not ImportDraft.objects.exists()


def test_companies_are_ticked_by_their_sector(application, user):
    draft = keep_members(application=application, source=source_of("a-textile"), actor=user)
    apply_members(draft=draft, mode="append", actor=user)
    assert [row["qualifies"] for row in stored(application)] == [m["qualifies_60"] for m in sample("a-textile")["members"]]


def test_file_b_reports_its_titles_its_blank_row_and_its_total():
    source = source_of("b-hydrogene")
    assert source.titles == ["PÔLE HYDROGÈNE VENT-DU-CAP – Liste des adhérents", "Mise à jour : juin 2026"]
    assert [(number, reason) for number, reason, _text in source.dropped] == [(20, "blank"), (32, "total")]
    assert source.sheet == "Liste MEMBRES 2026"


# --- Rows judged in words ---------------------------------------------------------------------------------------------
def test_x12_the_same_ice_twice_in_a_file_refuses_the_second_row():
    found = read(
        pasted(
            f"A\tEntreprise\tEngagé\t{ICE_1}", f"B\tEntreprise\tEngagé\t{ICE_1}", "A\tEntreprise\tEngagé", f"A\tEntreprise\tEngagé\t{ICE_2}"
        )
    )
    assert [row.errors for row in found.rows] == [[], ["Same ICE as row 2."], ["Same name as row 2."], []]
    assert found.rows[3].warnings == ["Same name as row 2, with another ICE."]


def test_x12_the_same_ice_in_two_dossiers_is_allowed(application, user):
    other = make_application(call=application.call, user=user, name="Autre cluster")
    for target in (application, other):
        assert add(target, user, f"A\tEntreprise\tEngagé\t{ICE_1}").added == 1


def test_two_establishments_of_one_company_are_pointed_out():
    found = read(pasted("A Fès\tEntreprise\tEngagé\t990000001000040", "A Rabat\tEntreprise\tEngagé\t990000001000137"))
    assert [row.errors for row in found.rows] == [[], []]
    assert all("same company number" in " ".join(row.warnings) for row in found.rows)


def test_x13_lost_zeros_are_given_back_and_a_wrong_key_only_warns():
    found = read(pasted("A\tEntreprise\tEngagé\t1561191000066", "B\tEntreprise\tEngagé\t1561192000065"))
    assert [row.inputs["ice"] for row in found.rows] == ["001561191000066", "001561192000065"]
    assert [row.errors for row in found.rows] == [[], []]
    assert [row.warnings for row in found.rows] == [[], ["The control key of this ICE does not match: check the number."]]


def test_x20_a_foreign_member_and_a_university_need_no_ice():
    found = read(pasted("Fraunhofer (essai)\tFormation\tPartenaire majeur", "Université d'essai\tUniversité\tEngagé"))
    assert [row.errors for row in found.rows] == [[], []]


def test_x21_a_name_too_long_is_refused_in_words_and_hidden_characters_disappear():
    found = read(pasted("x" * 320 + "\tEntreprise\tEngagé", "So\u200bciété \u202eABC\tEntreprise\tEngagé"))
    [error] = found.rows[0].errors
    assert error.startswith("Name: ") and "200" in error and "320" in error
    assert found.rows[1].inputs["name_fr"] == "Société ABC"


def test_every_error_names_its_cell_and_its_expected_answers():
    found = read(pasted("\tEntreprise\tEngagé", "A\tbanque\tEngagé\t123\tParis\t1.500", "B\tEntreprise\tEngagé\t\t\t=1+1"))
    assert found.rows[0].errors == ["“Name” is missing."]
    wrong = {cell.field: cell.error for cell in found.rows[1].cells if cell.error}
    assert set(wrong) == {"category", "ice", "region", "fee"}
    assert wrong["category"].startswith("“banque” is not one of the answers expected: Company, ")
    assert "15 digits" in wrong["ice"] and "two ways" in wrong["fee"]
    assert found.rows[2].errors == ["Yearly fee (DH): Cell F4 holds a formula: replace it with its value."]
    assert not found.accepted


def test_defaults_fill_what_the_file_does_not_say_and_never_what_it_says():
    source = pasted("A\tEntreprise", "B\tautre", header="Nom\tCatégorie")
    found = read(source, defaults={"engagement": "potential", "category": "company"}, qualify="all")
    assert [(row.inputs["category"], row.inputs["engagement"], row.inputs.get("qualifies")) for row in found.rows] == [
        ("company", "potential", "on"), ("other", "potential", None)]  # fmt: skip


def test_a_row_without_category_is_imported_and_says_what_it_lacks():
    [row] = read(pasted("A", header="Nom")).accepted
    assert row.warnings == ["“Category” is missing.", "“Engagement” is missing."]


# --- Writing ----------------------------------------------------------------------------------------------------------
def test_good_rows_are_written_and_bad_rows_are_not(application, user):
    done = add(application, user, f"A\tEntreprise\tEngagé\t{ICE_1}\tFès\t25 000", "B\tbanque\tEngagé", "C\tautre\tEngagé\t\t\t0")
    assert (done.added, done.refused) == (2, 1)
    assert [(m["name_fr"], m["fee"]) for m in stored(application)] == [("A", 25000), ("C", 0)]
    entry = AuditEntry.objects.get(action="application.members_imported")
    assert entry.data == {"file": "pasted", "mode": "append", "added": 2, "updated": 0, "deleted": 0, "skipped": 0, "refused": 1}


def test_append_leaves_known_members_alone(application, user):
    add(application, user, f"A\tEntreprise\tEngagé\t{ICE_1}\tFès\t10")
    done = add(application, user, f"A\tautre\tEngagé\t{ICE_1}\tRabat\t99", "b\tautre\tEngagé")
    assert (done.added, done.skipped) == (1, 1)
    assert [(m["name_fr"], m["category"], m["fee"]) for m in stored(application)] == [("A", "company", 10), ("b", "other", None)]


def test_update_writes_filled_cells_and_never_erases(application, user):
    add(application, user, f"Alpha\tEntreprise\tEngagé\t{ICE_1}\tFès\t10", "Béta\tautre\tEngagé\t\tRabat\t20")
    before = {m["name_fr"]: m["id"] for m in stored(application)}
    done = add(
        application, user, f"ALPHA SA\t\tPartenaire majeur\t{ICE_1}\t\t30", f"béta\t\t\t{ICE_2}", "Gamma\tautre\tEngagé", mode="update"
    )
    assert (done.added, done.updated, done.deleted) == (1, 2, 0)
    alpha, beta, gamma = stored(application)
    assert (alpha["id"], alpha["name_fr"], alpha["category"], alpha["engagement"], alpha["region"], alpha["fee"]) == (
        before["Alpha"], "ALPHA SA", "company", "major_partner", "MA-03", 30)  # fmt: skip
    assert (beta["id"], beta["ice"], beta["region"], beta["fee"]) == (before["Béta"], ICE_2, "MA-04", 20)
    assert gamma["name_fr"] == "Gamma"


def test_replace_makes_the_list_exactly_the_file(application, user):
    add(application, user, f"A\tEntreprise\tEngagé\t{ICE_1}", "B\tautre\tEngagé")
    done = add(application, user, "C\tautre\tEngagé", f"A2\tEntreprise\tEngagé\t{ICE_1}", mode="replace")
    assert (done.added, done.deleted) == (2, 2)
    assert [m["name_fr"] for m in stored(application)] == ["C", "A2"]


def test_an_input_to_correct_survives_an_import(application, user):
    data = rows("members", [{"name_fr": "A", "category": "company", "engagement": "engaged", "fee": "beaucoup"}])
    save_step(application=application, step=STEPS_BY_SLUG["membres"], data=data, actor=user)
    add(application, user, "B\tautre\tEngagé")
    [kept] = RejectedInput.objects.all()
    assert (kept.raw, kept.key) == ("beaucoup", f"members.{stored(application)[0]['id']}.fee")


def test_a_draft_is_applied_once(application, user):
    draft = keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=user)
    apply_members(draft=draft, mode="append", actor=user)
    before = state(application)
    with pytest.raises(ImportRefused):
        apply_members(draft=ImportDraft(pk=1, application=application), mode="append", actor=user)
    assert state(application) == before


def test_nothing_is_written_when_every_row_is_bad_or_the_list_is_too_long(application, user):
    add(application, user, "A\tautre\tEngagé")
    before = state(application)
    for lines, mode in ((["B\tbanque\tEngagé"], "replace"), ([f"M{n}\tautre\tEngagé" for n in range(400)], "append")):
        with pytest.raises(ImportRefused):
            add(application, user, *lines, mode=mode)
    with pytest.raises(ImportRefused):
        add(application, user, *[f"M{n}\tautre\tEngagé" for n in range(401)])
    with pytest.raises(ImportRefused):
        add(application, user, "Total\tautre")
    assert state(application) == before


def test_a_full_list_can_be_replaced(application, user):
    add(application, user, *[f"M{n}\tautre\tEngagé" for n in range(400)])
    done = add(application, user, *[f"N{n}\tautre\tEngagé" for n in range(400)], mode="replace")
    assert (done.added, done.deleted) == (400, 400)
    assert {m["name_fr"][0] for m in stored(application)} == {"N"}


def test_a_submitted_dossier_and_a_stranger_are_refused(user):
    application, _deposit = deposited_application(user=user)
    before = state(application)
    for actor in (user, make_user()):
        with clock.set_to(application.call.deadline_at + timedelta(seconds=1)), pytest.raises(DraftRefused):
            keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=actor)
    assert state(application) == before


# --- Pages --------------------------------------------------------------------------------------------------------------
def url(name, application):
    return reverse(f"applications:members_{name}", args=[application.pk])


def upload(name):
    return SimpleUploadedFile(FILES[name], (FOLDER / FILES[name]).read_bytes())


@pytest.mark.parametrize("name", FILES)
def test_a_file_goes_through_the_pages(client, application, user, name):
    client.force_login(user)
    assert client.get(url("file", application)).status_code == 200
    sent = client.post(url("file", application), {"file": upload(name)})
    assert (sent.status_code, sent.url) == (302, url("columns", application))
    page = client.get(sent.url)
    form = page.context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    confirmed = client.post(sent.url, {**answers, "qualify": answers["qualify"] or "none"})
    assert confirmed.url == url("preview", application)
    page = client.get(confirmed.url)
    assert page.context["found"].refused == []
    assert not Member.objects.exists()
    done = client.post(confirmed.url, {"mode": "append", "draft": page.context["form"]["draft"].value()}, follow=True)
    assert done.redirect_chain == [(reverse("applications:step", args=[application.pk, "membres"]), 302)]
    assert Member.objects.filter(application=application).count() == len(sample(name)["members"])
    assert [str(message) for message in done.context["messages"]] == [f"{len(sample(name)['members'])} members added."]


def test_pasted_rows_go_through_the_pages_with_their_errors(client, application, user):
    client.force_login(user)
    sent = client.post(url("paste", application), {"text": f"{HEADER}\nA\tEntreprise\tEngagé\nB\tbanque\tEngagé"})
    assert sent.url == url("columns", application)
    page = client.get(url("preview", application))
    assert b"is not one of the answers expected" in page.content
    sent = {"mode": "append", "draft": page.context["form"]["draft"].value()}
    page = client.post(url("preview", application), sent, follow=True)
    assert [m["name_fr"] for m in stored(application)] == ["A"]
    # What was refused is told once: the table of all the rows would repeat it.
    assert b"rows-title" not in page.content and page.content.count(b"is not one of the answers expected") == 1


def test_list_already_there_says_that_nobody_was_added(client, application, user):
    client.force_login(user)
    add(application, user, "A\tautre\tEngagé")
    draft = keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=user)
    done = client.post(url("preview", application), {"mode": "append", "draft": draft.pk}, follow=True)
    assert [str(message) for message in done.context["messages"]] == ["No member was added. 1 was already there."]


def test_a_refused_file_says_why_and_keeps_nothing(client, application, user):
    client.force_login(user)
    for content in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        page = client.post(url("file", application), {"file": SimpleUploadedFile("x.xlsx", content)})
        assert page.status_code == 422
        assert page.context["refusal"]
    assert client.post(url("file", application), {}).status_code == 422
    assert client.post(url("paste", application), {"text": ""}).status_code == 422
    assert not ImportDraft.objects.exists()


def test_columns_need_a_name_and_no_field_twice(client, application, user):
    client.force_login(user)
    draft = keep_members(application=application, source=pasted("A\tautre", header="Nom\tCatégorie"), actor=user)
    for columns in ({"column_0": "", "column_1": "category"}, {"column_0": "name_fr", "column_1": "name_fr"}):
        page = client.post(url("columns", application), {**columns, "qualify": "none"})
        assert page.status_code == 422 and page.context["form"].non_field_errors()
    draft.refresh_from_db()
    assert draft.mapping["columns"] == ["name_fr", "category"]


def test_a_preview_of_an_older_file_is_not_applied(client, application, user):
    client.force_login(user)
    old = keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=user)
    keep_members(application=application, source=pasted("B\tautre\tEngagé"), actor=user)
    page = client.post(url("preview", application), {"mode": "append", "draft": old.pk})
    assert page.status_code == 409 and page.context["refusal"]
    assert stored(application) == []


def test_someone_elses_dossier_is_not_found_and_drafts_are_personal(client, application, user):
    keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=user)
    client.force_login(make_user())
    for name in ("file", "paste", "columns", "preview"):
        assert client.get(url(name, application)).status_code == 404
        assert client.post(url(name, application), {}).status_code == 404
    client.force_login(add_editor(application))
    assert client.get(url("file", application)).status_code == 200
    assert client.get(url("columns", application)).status_code == 404
    assert stored(application) == []


def test_a_submitted_dossier_says_that_it_is_closed(client, user):
    application, _deposit = deposited_application(user=user)
    client.force_login(user)
    with clock.set_to(application.call.deadline_at + timedelta(seconds=1)):
        page = client.get(url("file", application))
    assert page.status_code == 403
    assert page.context["reason"]


@pytest.mark.parametrize("lines", [1, 60])
def test_pages_cost_the_same_whatever_the_rows(client, application, user, lines, django_assert_max_num_queries):
    add(application, user, *[f"Z{n}\tautre\tEngagé" for n in range(lines)])
    keep_members(application=application, source=pasted(*[f"M{n}\tautre\tEngagé" for n in range(lines)]), actor=user)
    client.force_login(user)
    for name in ("columns", "preview"):
        with django_assert_max_num_queries(8):
            assert client.get(url(name, application)).status_code == 200


def test_a_workbook_with_formulas_in_its_rows_lists_them(application, user):
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nom", "Cotisation"])
        sheet.write(1, 0, "A")
        sheet.write_formula(1, 1, "=10*2", None, 20)
        sheet.write_row(2, 0, ["B", 30])
        sheet.write(3, 0, "Total")
        sheet.write_formula(3, 1, "=SUM(B2:B3)", None, 50)
    out.seek(0)
    found = read(Source.of(read_file(out), "x"))
    assert [row.errors for row in found.rows] == [["Yearly fee (DH): Cell B2 holds a formula: replace it with its value."], []]


def test_days_are_read_however_they_are_written(application, user):
    add(application, user, "A\tautre\tEngagé\t12/03/2024", "B\tautre\tEngagé\t2024-03-12", header="Nom\tCatégorie\tStatut\tMembre depuis")
    assert [m["joined_on"] for m in stored(application)] == [date(2024, 3, 12)] * 2
