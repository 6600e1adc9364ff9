"""What a person keeps of the work list: views under a name, and the columns shown."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal

from ..filters import known_part
from ..models import ListColumns, SavedView
from ..permissions import can_share_views

MOST = 50  # views of one person


class ViewRefused(Exception):
    """Nothing changed; `str()` says why, in words."""


@transaction.atomic
def save_view(*, name: str, query: str, is_shared: bool, actor) -> SavedView:
    """Keep the filters under a name; a view of that name which the person has already takes the new filters.

    Raises ViewRefused.
    """
    _check_sharing(is_shared, actor)
    mine = SavedView.objects.select_for_update().filter(owner=actor)
    view = mine.filter(name=name).first()
    if view is None and mine.count() >= MOST:
        raise ViewRefused(_("You have %(limit)d views: delete one first.") % {"limit": MOST})
    view = view or SavedView(owner=actor, name=name)
    view.query, view.is_shared = known_part(query), is_shared
    view.save()
    journal.record("view.saved", view, actor=actor, after=view.query, data={"shared": is_shared})
    return view


@transaction.atomic
def rename_view(*, view, name: str, is_shared: bool, actor) -> SavedView:
    """Another name, shared or not, for one's own view. Raises ViewRefused."""
    locked = SavedView.objects.select_for_update().get(pk=view.pk)
    _check_owner(locked, actor)
    if is_shared != locked.is_shared:
        _check_sharing(is_shared, actor)
    if SavedView.objects.filter(owner=actor, name=name).exclude(pk=locked.pk).exists():
        raise ViewRefused(_("You already have a view of this name."))
    before, locked.name, locked.is_shared = locked.name, name, is_shared
    locked.save(update_fields=["name", "is_shared"])
    journal.record("view.renamed", locked, actor=actor, before=before, after=name, data={"shared": is_shared})
    return locked


@transaction.atomic
def delete_view(*, view, actor) -> None:
    """Take one's own view away, for everyone it was shared with too. Raises ViewRefused."""
    _check_owner(view, actor)
    journal.record("view.deleted", view, actor=actor, before=view.query)
    view.delete()


@transaction.atomic
def choose_columns(*, codes, actor) -> None:
    """Show these columns from now on; none means the usual ones."""
    ListColumns.objects.update_or_create(user=actor, defaults={"codes": list(codes)})


def _check_sharing(is_shared, actor):
    permission = can_share_views(actor)
    if is_shared and not permission:
        raise ViewRefused(permission.reason)


def _check_owner(view, actor):
    if view.owner_id != actor.pk:
        raise ViewRefused(_("Only the person who made this view changes or deletes it."))
