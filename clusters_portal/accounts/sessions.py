"""How long a session lasts, without activity and at all, and what becomes of a form sent after its end.

Activity is any request but the ones that only ask how much time is left. It is written in the session once a minute
at most: a page seen must not cost a write.
"""

import time
from functools import wraps

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.shortcuts import render
from django.utils.translation import gettext as _

from clusters_portal.lib.wire import refusal, wants_json

KEY, BEGUN = "last_activity", "begun"
WRITTEN_EVERY = 60  # seconds
SEAL_SALT, SEAL_AGE = "accounts.typed", 3 * 24 * 3600
NOT_TYPED = ("csrfmiddlewaretoken", "seal")


def seconds_left(request) -> int:
    """Seconds until the session of a signed-in person ends, for want of activity or of old age; zero or less when it is over."""
    return min(int(_last_activity(request) + settings.SESSION_IDLE_SECONDS - time.time()), _seconds_to_live(request))


def is_too_old(request) -> bool:
    """Whether it has lasted as long as any session may, whatever was done in it."""
    return _seconds_to_live(request) <= 0


def begin(request) -> None:
    """A sign-in: both limits are counted from now."""
    request.session[BEGUN] = int(time.time())
    touch(request, at_once=True)


def touch(request, *, at_once: bool = False) -> None:
    """Count this moment as activity; `at_once` writes it even when the last one is recent."""
    now = int(time.time())
    if at_once or now - _last_activity(request) >= WRITTEN_EVERY:
        request.session[KEY] = now
        request.session.setdefault(BEGUN, now)


def end_all(user) -> None:
    """Sign somebody out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def silent(view):
    """Mark a view whose requests are nobody's activity: a script asks it by itself."""
    view.is_silent = True
    return view


def seal_of(request) -> str:
    """Put in a form, it proves that this person was given this form: only then is what was typed shown again below."""
    return signing.dumps([str(request.user.pk), request.path], salt=SEAL_SALT)


def signed_in(view):
    """`login_required` for forms that take long to fill: a script is told in JSON, a form that was sent is not lost."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if wants_json(request):
            return refusal("session", _("Your session has ended."), status=401)
        return resend_page(request, status=401) or redirect_to_login(request.get_full_path())

    return wrapper


def resend_page(request, *, status):
    """The page that keeps a sent form, ready to be sent again once signed in; None unless it bears its seal.

    Nothing is stored: the browser gets back what it sent. Without the seal anybody could have made the form.
    """
    sent = sealed_form(request)
    return render(request, "account/resend.html", sent, status=status) if sent else None


def sealed_form(request) -> dict | None:
    """{"typed": [(name, value)], "seal"} of a sent form that bears its seal, None of any other. Asks neither database nor session."""
    if request.method != "POST" or not _is_sealed(request):
        return None
    typed = [(name, value) for name, values in request.POST.lists() if name not in NOT_TYPED for value in values]
    return {"typed": typed, "seal": request.POST["seal"]}


def _is_sealed(request):
    try:
        _user, path = signing.loads(request.POST.get("seal", ""), salt=SEAL_SALT, max_age=SEAL_AGE)
    except (signing.BadSignature, ValueError):
        return False
    return path == request.path


def _last_activity(request) -> float:
    """A session that has not written any yet began with the sign-in."""
    stored = request.session.get(KEY)
    if stored is not None:
        return stored
    return request.user.last_login.timestamp() if request.user.last_login else 0


def _seconds_to_live(request) -> int:
    """A session opened elsewhere than by our sign-in page is counted from its first page."""
    return int(request.session.get(BEGUN, time.time()) + settings.SESSION_MAX_SECONDS - time.time())
