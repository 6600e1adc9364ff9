"""Values as people read them, fields as the portal draws them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from clusters_portal.templatetags import portal, portal_forms

pytestmark = pytest.mark.usefixtures("english")

NBSP = "\u00a0"


def render(source, **context):
    return Template(source).render(Context(context))


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the statutes.")
    acronym = forms.CharField(label="Acronym", required=False)
    history = forms.CharField(label="History", widget=forms.Textarea, max_length=300)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")

    def clean(self):
        raise forms.ValidationError("The whole does not hold.")


class TestAmount:
    def test_amount_is_isolated_and_never_wraps(self):
        assert portal.amount(Decimal("1234567.5")) == f'<bdi class="amount">1{NBSP}234{NBSP}567,50{NBSP}DH</bdi>'

    def test_amount_without_unit(self):
        assert portal.amount(1500, "") == f'<bdi class="amount">1{NBSP}500</bdi>'

    def test_nothing_is_not_zero(self):
        assert portal.amount(None) == ""
        assert portal.amount(0) == f'<bdi class="amount">0{NBSP}DH</bdi>'


class TestPercent:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ((15, 22), "68,18"),
            ((599999, 1000000), "59,99"),
            ((-599999, 1000000), "-59,99"),
            ((3, 5), "60"),
            (Decimal("39.9999"), "39,99"),
            (Decimal("-0.001"), "0"),
            (20, "20"),
        ],
    )
    def test_share_is_cut_never_rounded(self, value, text):
        assert portal.percent(value) == f'<bdi class="amount">{text}{NBSP}%</bdi>'

    def test_share_of_nothing_is_not_shown(self):
        assert portal.percent((3, 0)) == ""
        assert portal.percent(None) == ""


class TestDates:
    def test_day_and_moment_are_in_moroccan_time(self):
        late = datetime(2026, 7, 27, 23, 30, tzinfo=UTC)
        with translation.override("fr"):
            assert portal.day(late) == "28 juillet 2026"
            assert portal.day(date(2026, 7, 1)) == "1er juillet 2026"
            assert portal.hour(late) == "00h30"
            assert portal.moment(late) == "28 juillet 2026 à 00h30, heure du Maroc (GMT+1)"

    @pytest.mark.parametrize(
        ("left", "state", "words"),
        [
            (timedelta(days=12, hours=4, minutes=30), "open", "12 days 4 hours"),
            (timedelta(days=3, minutes=-1), "soon", "2 days 23 hours"),
            (timedelta(hours=1, minutes=1), "soon", "1 hour 1 minute"),
            (timedelta(seconds=59), "soon", "0 minutes"),
            (timedelta(0), "soon", "0 minutes"),
            (timedelta(seconds=-1), "over", "0 minutes"),
        ],
    )
    def test_time_left(self, monkeypatch, left, state, words):
        present = datetime(2026, 7, 16, 9, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: present)
        assert portal.deadline_state(present + left) == state
        assert portal.time_left(present + left) == words


class TestStates:
    def test_wording_of_the_object_wins_over_the_label(self):
        draft = SimpleNamespace(status="draft", status_wording="Draft — NOT DEPOSITED", get_status_display=lambda: "Draft")
        assert portal.status_tag(draft) == '<span class="tag tag--warn">Draft — NOT DEPOSITED</span>'

    def test_label_is_escaped_and_unknown_state_is_neutral(self):
        other = SimpleNamespace(status="odd", get_status_display=lambda: "<b>")
        assert portal.status_tag(other) == '<span class="tag tag--neutral">&lt;b&gt;</span>'

    def test_icon_is_decoration_unless_named(self):
        assert 'aria-hidden="true"' in portal.icon("check")
        assert 'role="img" aria-label="Passed"' in portal.icon("check", "Passed")
        assert "icon--arrow" in portal.icon("next")


class TestLists:
    def test_page_link_keeps_the_filters(self):
        context = Context({"request": RequestFactory().get("/", {"region": "3", "page": "2"})})
        assert portal.page_link(context, 4) == "?region=3&page=4"
        assert portal.page_link(context, 4, "p") == "?region=3&page=2&p=4"

    def test_long_lists_leave_pages_out(self):
        page = Paginator(range(200), 10).page(10)
        assert portal.page_numbers(page) == [1, 2, None, 8, 9, 10, 11, 12, None, 19, 20]


class TestFields:
    def test_help_stands_between_label_and_input(self):
        html = render('{% include "components/field.html" %}', field=SampleForm()["name"])
        assert html.index("<label") < html.index("As in the statutes.") < html.index("<input")
        assert 'aria-describedby="id_name_helptext"' in html
        assert "is-invalid" not in html

    def test_error_is_tied_to_its_input(self):
        html = render('{% include "components/field.html" %}', field=SampleForm({})["name"])
        assert 'aria-describedby="id_name_helptext id_name_error"' in html
        assert 'id="id_name_error"' in html
        assert 'aria-invalid="true"' in html
        assert 'class="form-control is-invalid"' in html

    def test_optional_is_said_only_when_asked(self):
        field = SampleForm()["acronym"]
        assert "(optional)" not in render('{% include "components/field.html" %}', field=field)
        assert "(optional)" in render('{% include "components/field.html" with show_optional=True %}', field=field)
        assert "(optional)" not in render('{% include "components/field.html" with show_optional=True %}', field=SampleForm()["name"])

    def test_choices_are_a_group_with_a_legend(self):
        html = render('{% include "components/field.html" %}', field=SampleForm({"kind": "b"})["kind"])
        assert html.count("<legend") == 1
        assert html.count('class="form-check-input"') == 2
        assert html.count("checked") == 1

    def test_long_text_says_its_limit(self):
        html = render('{% include "components/field.html" %}', field=SampleForm()["history"])
        assert '<bdi class="amount">300</bdi> characters at most' in html
        assert 'data-counter="id_history"' in html

    def test_crispy_draws_the_same_field(self):
        field = SampleForm({})["name"]
        ours = render('{% include "components/field.html" %}', field=field)
        theirs = render("{% load crispy_forms_filters %}{{ field|as_crispy_field }}", field=field)
        assert theirs.split() == ours.split()

    def test_errors_of_the_page_link_to_their_fields(self):
        links = portal_forms.error_links(form=SampleForm({"name": "x", "acronym": "y"}))
        assert links == [
            ("", "The whole does not hold."),
            ("#id_history", "History: This field is required."),
            ("#div_id_kind", "Kind: This field is required."),
            ("#id_agreed", "Agreed: This field is required."),
        ]

    def test_no_summary_before_anything_is_sent(self):
        assert portal_forms.error_links(form=SampleForm()) == []
        assert "error-summary" not in render('{% include "components/error_summary.html" %}', form=SampleForm())

    def test_rows_say_which_row_is_wrong(self):
        formset = forms.formset_factory(SampleForm, extra=0)(
            {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-history": "h", "form-0-kind": "a", "form-0-agreed": "on"}
        )
        assert ("#id_form-0-name", "Row 1 – Name: This field is required.") in portal_forms.error_links(formset=formset)
