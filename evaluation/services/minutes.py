"""Minutes (procès-verbal): drawn up once from a closed session, signed, corrected only by further ones."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.text import clean_text
from clusters_portal.lib.uploads import PDF, inspect_upload
from clusters_portal.notifications import outbox
from evaluation.models import CommitteeSession, Minutes, MinutesSignature
from evaluation.pdf_minutes import minutes_pdf
from evaluation.queries.minutes import is_signed, latest_minutes, signing_capacity
from evaluation.services import attachments, lifecycle
from evaluation.services.refusals import Refused
from evaluation.snapshots.minutes import minutes_content

MAX_SCAN_MB = 50
MIB = 1024 * 1024


@transaction.atomic
def draw_up(*, session, actor, url: str = "") -> Minutes:
    """Gather the minutes of a closed session, once; a second call returns those that are there. Journals, tells who signs.

    Raises Refused while the session is not closed.
    """
    session = _locked(session)
    first = Minutes.objects.filter(session=session, sequence=1).select_related("session__call").first()
    if first is not None:
        return first
    if session.status != CommitteeSession.Status.CLOSED:
        raise Refused(_("Minutes are drawn up once the session is closed."), "state")
    made = _insert(session, minutes_content(session), actor=actor, sequence=1)
    journal.record("minutes.drawn_up", made, actor=actor, after=made.sha256)
    _tell_signers(made, url)
    return made


@transaction.atomic
def correct(*, session, reason: str, correction: str, actor, url: str = "") -> Minutes:
    """Further minutes that say what is to be read instead, and why; those they correct stay as they are. Journals.

    Raises Refused while the last minutes are not signed, or without both texts.
    """
    session = _locked(session)
    reason, correction = clean_text(reason), clean_text(correction)
    if not reason or not correction:
        raise Refused(_("Say what is to be read instead, and why."), "text")
    last = latest_minutes(session)
    if last is None or not is_signed(last):
        raise Refused(_("Only signed minutes are corrected: those of this session are not signed yet."), "state")
    content = minutes_content(session)
    content["correction"] = {"reference": last.reference, "sha256": last.sha256, "reason": reason, "text": correction}
    more = {"corrects": last, "correction_reason": reason, "correction": correction}
    made = _insert(session, content, actor=actor, sequence=last.sequence + 1, **more)
    journal.record("minutes.corrected", made, actor=actor, before=last.sha256, after=made.sha256, note=reason)
    _tell_signers(made, url)
    return made


def statement_of(minutes) -> str:
    """What the signer affirms, with the hash of the content: kept word for word with the signature."""
    sentence = _("I have read minutes %(reference)s, whose content has the SHA-256 fingerprint %(sha256)s, and I sign them.")
    return sentence % {"reference": minutes.reference, "sha256": minutes.sha256}


@transaction.atomic
def sign_typed(*, minutes, typed_name: str, seen_sha256: str, actor, stand_in_reason: str = "", address: str | None = None):
    """Sign by typing one's name; the page asked for a fresh authentication before. Moves the session to signed. Journals.

    ``seen_sha256`` is the hash the page showed. Raises Refused.
    """
    capacity = _signing(minutes, actor, stand_in_reason)
    if seen_sha256 != minutes.sha256:
        raise Refused(_("These are not the minutes you read: open them again before signing."), "hash")
    typed = clean_text(typed_name, multiline=False)
    name = actor.get_full_name().strip() or actor.email
    if typed.casefold() != name.casefold():
        raise Refused(_("Type your first and last names as they stand in your account: %(name)s.") % {"name": name}, "name")
    values = {"method": MinutesSignature.Method.TYPED, "typed_name": typed, "statement": statement_of(minutes), "address": address}
    return _signed(minutes, capacity, stand_in_reason, actor, **values)


def sign_scan(*, minutes, upload, actor, stand_in_reason: str = "", address: str | None = None) -> MinutesSignature:
    """Sign by the scan of the paper signed in ink. A different number of pages is kept and said, never refused. Journals.

    Raises UploadRefused or Refused; nothing is kept then.
    """
    inspection = inspect_upload(upload, max_bytes=MAX_SCAN_MB * MIB, allowed=(PDF,))
    expected = minutes_pdf(minutes).pages  # before the lock: it may take seconds
    with transaction.atomic():
        capacity = _signing(minutes, actor, stand_in_reason)
        kept = attachments.keep(upload=upload, actor=actor, max_mb=MAX_SCAN_MB, inspection=inspection)
        values = {"method": MinutesSignature.Method.SCAN, "scan": kept, "expected_pages": expected, "address": address}
        return _signed(minutes, capacity, stand_in_reason, actor, **values)


def _signing(minutes, actor, stand_in_reason) -> str:
    """The capacity in which this person signs now, with everything that forbids it. Locks the session."""
    session = _locked(minutes.session)
    capacity = signing_capacity(actor, session)
    if not capacity:
        raise Refused(_("These minutes are signed by the chair of the session."), "person")
    if capacity == MinutesSignature.Capacity.STAND_IN and not clean_text(stand_in_reason):
        raise Refused(_("Say why you sign in the place of the chair."), "stand_in")
    last = latest_minutes(session)
    if last.pk != minutes.pk or is_signed(minutes):
        raise Refused(_("These minutes are signed already, or others replaced them."), "state")
    stored = Minutes.objects.get(pk=minutes.pk)
    if sha256_hex(stored.content) != stored.sha256:
        raise Refused(
            _("The content of these minutes is not the one that was sealed: they cannot be signed. Tell the administrator."), "hash"
        )
    return capacity


def _signed(minutes, capacity, stand_in_reason, actor, **values) -> MinutesSignature:
    reason = clean_text(stand_in_reason) if capacity == MinutesSignature.Capacity.STAND_IN else ""
    signature = MinutesSignature.objects.create(
        minutes=minutes, signer=actor, capacity=capacity, stand_in_reason=reason, sha256=minutes.sha256, signed_at=clock.now(), **values
    )
    session = CommitteeSession.objects.get(pk=minutes.session_id)
    if session.status == CommitteeSession.Status.CLOSED:
        lifecycle.move_session(session, "sign", actor=actor)
    data = {"method": signature.method, "capacity": capacity} | ({"scan": signature.scan.sha256} if signature.scan_id else {})
    journal.record("minutes.signed", minutes, actor=actor, after=minutes.sha256, note=reason, data=data)
    return signature


def _locked(session) -> CommitteeSession:
    return CommitteeSession.objects.select_for_update(of=("self",)).select_related("call").get(pk=session.pk)


def _insert(session, content, *, actor, sequence, **more) -> Minutes:
    text = canonical_json(content)
    return Minutes.objects.create(
        session=session, sequence=sequence, content=text, sha256=sha256_hex(text), created_at=clock.now(), created_by=actor, **more
    )


def _tell_signers(minutes, url):
    """A mail without a word of the content: to the chair, or to everyone who may sign in the chair's place."""
    for member in minutes.session.members.select_related("person"):
        if signing_capacity(member.person, minutes.session):
            outbox.tell(member.person, kind="minutes_to_sign", context={"minutes": minutes, "session": minutes.session}, url=url)
