"""What follows a commit, and may fail without undoing or hiding what was committed."""

from django.db import transaction


def after_commit(act, *args) -> None:
    """Call `act(*args)` once the transaction has committed; a failure is logged and the person sees none.

    A function and not a `partial`: Django writes the name of what failed, and a `partial` has none.
    """

    def follow():
        act(*args)

    transaction.on_commit(follow, robust=True)
