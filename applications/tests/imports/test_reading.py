"""A list of members read: its headers, its values, the three files associations sent, its rows judged in words."""

import pytest
from django.utils import translation

from applications.forms.organisation import MemberForm
from applications.imports.headers import FIELDS, find_header, guess_columns, header_score
from applications.imports.values import read_category, read_engagement, read_region, read_section, read_yes_no
from applications.models import ImportDraft, RejectedInput
from applications.services.imports import apply_members, keep_members
from clusters_portal.lib.tabular import Table

from ..builders import sample
from ..factories import make_application
from .helpers import FILES, ICE_1, ICE_2, add, pasted, read, source_of, stored


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
