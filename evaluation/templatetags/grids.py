"""The adopted grid on the public pages of a call. Pages of the floor below name this library; nothing there imports it."""

from django import template

from evaluation.queries.grids import published_grid, shown
from evaluation.queries.rows import current_grid

register = template.Library()


@register.simple_tag
def grid_published_for(call) -> dict | None:
    """What applicants could read before they applied: the grid with its criteria, and a later version if one replaced it."""
    grid = published_grid(call)
    if grid is None:
        return None
    last = current_grid(call)
    return {"grid": grid, "later": last if last != grid else None, **shown(grid)}
