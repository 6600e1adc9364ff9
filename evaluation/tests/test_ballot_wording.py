"""What was put to the vote, read in another language than that of whoever opened the vote."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from evaluation.models import Ballot


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize(
    "fields, code",
    [({"proposed_outcome": "selected"}, "Selected"), ({"subject": "tie"}, "Which projects take the places left?")],
)
def test_a_standard_question_is_read_in_the_language_of_the_reader(language, fields, code):
    with translation.override(language):
        ballot = Ballot(question=translation.gettext(code), **fields)
    assert ballot.own_words == ""
    with translation.override("en"):
        assert code in render_to_string("evaluation/sessions/_question.html", {"ballot": ballot})


def test_a_question_somebody_typed_stays_as_it_was_typed():
    ballot = Ballot(question="Demander un budget révisé ?", proposed_outcome="deferred")
    assert ballot.own_words == "Demander un budget révisé ?"
    with translation.override("en"):
        text = render_to_string("evaluation/sessions/_question.html", {"ballot": ballot})
    assert "Proposal: " in text and "Demander un budget révisé ?" in text
