"""The applicant's observations beside the item they concern."""

from django import template

from evaluation.queries.observations import observation_sent

register = template.Library()


@register.inclusion_tag("evaluation/observations/_beside.html")
def observations_of(application):
    """What the applicant answered to the facts established, and these facts; nothing when nothing was sent. One query."""
    return {"observation": observation_sent(application)}
