"""The register of processing (loi n° 09-08): what is kept, of whom, why, on what basis, who reads it and for how long.

Said once: the notice, the page and the document of the staff, and the purge all read this table. How long is our own
choice where no law is named; a class whose `purge` is empty is never purged by the portal.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

NOTICE_DAYS = 30

APPLICANTS = _("Officers and board members of associations, representatives of their members, people who fill in the application")
JUDGES = _("Evaluators, members of the committee, staff")
ACCOUNTS = _("Everybody who has an account")
MISSION = _("Mission of public interest (loi n° 09-08, article 4)")
ARCHIVES = _("Mission of public interest (loi n° 09-08, article 4) and public archives (loi n° 69-99)")
SECURITY = _("Security of the processing (loi n° 09-08, article 23)")
TEAM = _("The people of the application; then the DPTC, its evaluators and the steering committee")
STAFF = _("The DPTC, the steering committee and the auditors")
OPERATORS = _("The administrators of the portal")
NEVER = _("Public archive: kept, and eliminated only with Archives du Maroc")


@dataclass(frozen=True)
class Treatment:
    """One class of data. `kept` may name `months`, `days` (of notice); `purge` is the dotted name of a `Purge`."""

    code: str
    title: str
    what: str
    people: str
    why: str
    basis: str
    recipients: str
    kept: str
    months: int = 0
    notice_days: int = 0
    purge: str = ""

    @property
    def how_long(self) -> str:
        """In words, in the language of the reader."""
        return str(self.kept) % {"months": self.months, "days": self.notice_days}


REGISTER = (
    Treatment(
        "accounts", _("Accounts"),
        what=_("Name, e-mail address, employer, language, fingerprint of the password, second sign-in step, last sign-in"),
        people=ACCOUNTS, why=_("To know who does what, and to write to that person"), basis=MISSION, recipients=OPERATORS,
        kept=_("As long as it is used or attached to an application or an act; otherwise %(months)d months after the last sign-in, "
               "the person being told %(days)d days before"),
        months=24, notice_days=NOTICE_DAYS, purge="clusters_portal.privacy.purges.ACCOUNTS",
    ),
    Treatment(
        "unconfirmed", _("Accounts whose address was never confirmed"),
        what=_("Name, e-mail address"), people=ACCOUNTS, why=_("To let the person confirm it"), basis=MISSION, recipients=OPERATORS,
        kept=_("%(months)d month"), months=1, purge="clusters_portal.privacy.purges.UNCONFIRMED",
    ),
    Treatment(
        "drafts", _("Applications never submitted"),
        what=_("Names, titles, e-mail addresses and telephone numbers of officers, board members and representatives; the files sent"),
        people=APPLICANTS, why=_("To prepare an application"), basis=MISSION,
        recipients=_("The people of the application alone"),
        kept=_("%(months)d months after the call has closed, its people being told %(days)d days before"),
        months=12, notice_days=NOTICE_DAYS, purge="applications.services.retention.DRAFTS",
    ),
    Treatment(
        "invitations", _("Invitations that ended"),
        what=_("E-mail address invited to work on an application"), people=APPLICANTS,
        why=_("To let several people fill in one application"), basis=MISSION, recipients=_("The people of the application alone"),
        kept=_("%(months)d months after they expired or were cancelled"), months=3, purge="applications.services.retention.INVITATIONS",
    ),
    Treatment(
        "imports", _("Files being imported, rows just removed"),
        what=_("The same data as the application, before they are applied or put back"), people=APPLICANTS,
        why=_("To preview an import, to put back what was removed"), basis=MISSION, recipients=_("The person who imports or removes"),
        kept=_("%(months)d month"), months=1, purge="applications.services.retention.IMPORTS",
    ),
    Treatment(
        "applications", _("Applications submitted"),
        what=_("Names, titles, e-mail addresses and telephone numbers of officers, board members and representatives; the files, "
               "receipts, messages, decisions and appeals"),
        people=APPLICANTS, why=_("To examine the application, to decide, to follow the clusters chosen"), basis=ARCHIVES,
        recipients=TEAM, kept=NEVER,
    ),
    Treatment(
        "judging", _("Evaluations, interests declared, sessions and decisions"),
        what=_("Names, employers, interests declared, marks, presence, votes and minutes"),
        people=JUDGES, why=_("To judge impartially and to be able to show it"), basis=ARCHIVES, recipients=STAFF, kept=NEVER,
    ),
    Treatment(
        "journal", _("Journal"),
        what=_("Who did what, on what and when; who opened which file"), people=ACCOUNTS,
        why=_("To prove what happened, to find what should not have"), basis=ARCHIVES, recipients=_("The auditors"), kept=NEVER,
    ),
    Treatment(
        "mails", _("Mails and notices sent by the portal"),
        what=_("Address, subject, text, date"), people=ACCOUNTS,
        why=_("To tell people what concerns them, and to prove that they were told"),
        basis=MISSION, recipients=_("The recipient; the administrators see the address and the date"),
        kept=_("The text is erased %(months)d months after it was sent; the address, the subject and the date remain"),
        months=12, purge="clusters_portal.privacy.purges.MAILS",
    ),
    Treatment(
        "sessions", _("Open sessions"),
        what=_("Address of the machine, browser, times of the first and the last page"), people=ACCOUNTS,
        why=_("To stay signed in, to see and to end one's sessions"), basis=SECURITY, recipients=_("The person alone"),
        kept=_("Until they end; %(months)d month at most in the list"), months=1, purge="clusters_portal.privacy.purges.SESSIONS",
    ),
    Treatment(
        "failures", _("Tasks that failed"),
        what=_("Identifiers of rows, message of the error"), people=ACCOUNTS, why=_("To put right what failed"), basis=SECURITY,
        recipients=OPERATORS, kept=_("%(months)d months once run again"), months=6, purge="clusters_portal.privacy.purges.FAILURES",
    ),
    Treatment(
        "logs", _("Technical logs of the server"),
        what=_("Address of the machine, page asked for, time, identifier of the request"), people=_("Everybody who visits the portal"),
        why=_("To find errors and attacks"), basis=SECURITY, recipients=OPERATORS,
        kept=_("%(months)d months, by the rotation of the server's own logs"), months=6,
    ),
    Treatment(
        "requests", _("Requests about personal data"),
        what=_("Who asked for what, and the answer"), people=ACCOUNTS, why=_("To answer, and to show that it was done"), basis=MISSION,
        recipients=_("The administrators, the head of division, the auditors"),
        kept=_("%(months)d months after the answer"), months=60, purge="clusters_portal.privacy.purges.REQUESTS",
    ),
)  # fmt: skip
BY_CODE = {treatment.code: treatment for treatment in REGISTER}
