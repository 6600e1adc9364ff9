"""The walk through the demonstration on which the pictures of the guide are taken (scripts/screenshots.py).

Three stretches, in the order of a dossier's life: an open call, the same call once closed and judged, the session of the call
that is before its committee. What a picture only needs to find done is done through the services; what it shows is typed.
"""

from datetime import timedelta
from decimal import Decimal

from applications.models import Application, Call
from applications.services import admissibility, admissibility_acts
from clusters_portal.accounts.models import User
from clusters_portal.lib import clock
from evaluation.models import Assignment, CommitteeSession, Consensus
from evaluation.services import assignments, committee, conflicts, consensus, evaluations, evaluators, grids, meetings
from evaluation.services import minutes as minutes_service
from tests.walk import session as sessions

EVALUATORS = tuple(f"evaluateur{number}" for number in range(1, 6))
JUSTIFICATION = "Éléments précis et vérifiables, cités dans la rubrique 4 du dossier ; les tableaux et le texte concordent."


def walk(camera) -> None:
    """Every picture, in order. Fails on the first page that does not open."""
    open_call(camera)
    closed_call(camera)
    before_committee(camera)
    session(camera)


def person(login) -> User:
    return User.objects.get(email=f"{login}@demo.example")


def dossier_of(login) -> Application:
    """The dossier of an applicant of the demonstration."""
    return Application.objects.get(collaborators__user=person(login))


def open_call(camera):
    call = Call.objects.get(slug="demonstration")
    camera.take("accueil", "", "/")
    self_test(camera, call)
    draft, ready, deposited = (dossier_of(login).pk for login in ("agritech", "textile", "hydrogene"))
    camera.take("etapes", "agritech", f"/dossiers/{draft}/")
    camera.take("etape", "agritech", f"/dossiers/{draft}/etape/strategie/")
    camera.take("membres", "agritech", f"/dossiers/{draft}/etape/membres/", at='a[href$="/members/ajouter/"]', above=120)
    camera.take("pieces", "agritech", f"/dossiers/{draft}/etape/pieces/", at="#piece-ADM_CA", above=110)
    deposit(camera, ready)
    camera.take("depose", "hydrogene", f"/dossiers/{deposited}/")
    camera.take("guichet", "guichet", "/guichet/")
    camera.take("papier", "guichet", f"/guichet/{deposited}/")
    camera.take("sans-ligne", "guichet", f"/guichet/appels/{call.slug}/dossier-papier/")
    camera.take("prolongation", "responsable", f"/appels/{call.slug}/prolonger/")
    camera.take("liste", "instructeur", "/instruction/")
    camera.take("roles", "administrateur", "/admin/accounts/rolegrant/add/")
    camera.take("appels", "administrateur", "/admin/applications/call/")
    camera.take("etat", "administrateur", "/espace/etat/")


def self_test(camera, call):
    page = camera.page()
    page.goto(f"/appels/{call.slug}/auto-evaluation/")
    for field, value in zip(
        page.locator("main form input[type=text]:visible, main form input[type=number]:visible").all(), FIGURES, strict=False
    ):
        field.fill(value)
    page.locator("main form button.btn-primary").first.click()
    camera.take("auto-evaluation", "")


PRESIDENT = {
    "first_name": "Nadia", "last_name": "Zerouali-Démo", "quality_organisation": "Directrice générale",
    "quality_association": "Présidente", "place": "Casablanca",
}  # fmt: skip
# Members by category and engagement, then the budget of year 1, in the order of the page.
FIGURES = (
    "9",
    "2",
    "1",
    "2",
    "0",
    "0",
    "2",
    "0",
    "0",
    "0",
    "0",
    "0",
    "400000",
    "60000",
    "0",
    "350000",
    "20000",
    "300000",
    "450000",
    "80000",
)


def deposit(camera, pk):
    page = camera.page("textile")
    page.goto(f"/dossiers/{pk}/declarer/")
    page.locator('[name="civility"]').last.check()
    for name, text in PRESIDENT.items():
        page.locator(f'[name="{name}"]').fill(text)
    page.locator('[name="accept"]').check()
    camera.take("declaration", "textile", at="h1", above=130)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/recepisse/")
    camera.take("accuse", "textile")


def closed_call(camera):
    """The open call of the demonstration, an hour after a deadline it never had."""
    call = Call.objects.get(slug="demonstration")
    end = clock.now() - timedelta(hours=1)
    Call.objects.filter(pk=call.pk).update(opens_at=end - timedelta(days=40), deadline_at=end, complement_allowed=True)
    first, second = Application.objects.filter(call=call, status="deposited").order_by("number")
    camera.take("lecture", "instructeur", f"/instruction/{first.pk}/")
    camera.take("recevabilite", "instructeur", f"/instruction/{first.pk}/recevabilite/", at="[data-admissibility] section")
    camera.page("instructeur").goto(f"/instruction/{first.pk}/complement/demander/")
    camera.page("instructeur").locator("main details").nth(1).locator("summary").first.click()
    camera.page("instructeur").locator('main details[open] input[type="checkbox"]').nth(1).check()
    camera.take("complement", "instructeur", at="main details", above=120)
    checks = [propose(application) for application in (first, second)]
    camera.take("validation", "responsable", f"/instruction/{first.pk}/recevabilite/")
    for application, check in zip((first, second), checks, strict=True):
        admissibility_acts.validate(application=application, version=check.version, actor=person("responsable"))
    judge(camera, call, first)


def propose(application):
    """The officer finds every line as it should be: what the rules leave open or doubt, he has looked at."""
    lines = admissibility.proposals(application.current_deposit)
    findings = {line.item: (line.finding, "") if line.finding in FINE else ("conforming", "Vu sur l'original.") for line in lines}
    written = admissibility.Written(outcome="admissible", findings=findings)
    return admissibility_acts.propose(application=application, written=written, version=0, actor=person("instructeur"))


FINE = ("conforming", "not_applicable")


def judge(camera, call, application):
    """The scoring sheet of one evaluator, then the report they agree on."""
    head = person("responsable")
    grid = grids.create_default_grid(call=call, actor=head)
    grids.adopt(grid=grid, adopted_on=clock.today(), reference="PV n° 2", actor=head)
    assignments.assign_all(call=call, actor=head)
    one = EVALUATORS[0]
    camera.take("interets", one, f"/evaluation/dossiers/{application.pk}/interets/")
    conflicts.declare(application=application, interest="none", actor=person(one))
    score(application, one, criteria=3)
    camera.take("evaluations", one, "/evaluation/", at="main tr:has-text('DEMO')", above=420)
    camera.take("notation", one, f"/evaluation/dossiers/{application.pk}/notation/")
    for login in EVALUATORS:
        evaluators.sign_commitment(actor=person(login))
        if login != one:
            conflicts.declare(application=application, interest="none", actor=person(login))
        score(application, login)
    consensus.open_all(call=call, actor=head)
    rapporteur = Consensus.objects.get(application=application).rapporteur
    login = rapporteur.email.partition("@")[0]
    camera.take("consensus", login, f"/evaluation/dossiers/{application.pk}/consensus/", at="#report")


def score(application, login, criteria=None):
    """A sheet of that evaluator: a draft of the first `criteria`, or all of them and submitted."""
    assignment = Assignment.objects.get(application=application, evaluator=person(login))
    known = assignment.evaluations.last()
    number = EVALUATORS.index(login)
    marks = {
        criterion.code: evaluations.Mark(Decimal(5 + (position + number * 2) % 5) / 2, JUSTIFICATION)
        for position, criterion in enumerate(application.call.criteria.all()[:criteria])
    }
    sheet = evaluations.Sheet(marks=marks, strengths="Gouvernance claire.", weaknesses="Cofinancement à consolider.", confidence=2)
    saved = evaluations.save_draft(assignment=assignment, sheet=sheet, revision=known.revision if known else 0, actor=person(login))
    if criteria is None:
        evaluations.submit(assignment=assignment, revision=saved.revision, actor=person(login))


def before_committee(camera):
    one = Application.objects.get(number="CL-2026-0001")
    camera.take("affectations", "instructeur", "/evaluation/affectations/2026/")
    camera.take("classement", "responsable", "/classement/2026/")
    camera.take("eclairage", "responsable", "/classement/2026/1/eclairage/")
    camera.take("auditeur-dossier", "auditeur", f"/instruction/{one.pk}/")
    camera.take("journal", "auditeur", "/admin/audit/auditentry/")


def session(camera):
    """The session of the demonstration: a vote on the first dossier, its decision, the others put off, minutes and letters."""
    meeting = CommitteeSession.objects.get(call__slug="2026")
    address, first = sessions.session_url(meeting.call), meeting.items.get(position=1)
    camera.take("seance", "responsable", address)
    camera.take("membre-seance", "membre1", address)
    camera.take("membre-interet", "membre1", f"{address}points/{first.pk}/interets/")
    sessions.open_with_everyone(camera.page("president"), meeting.call)
    camera.take("president-seance", "president", address)
    sessions.go_to(camera.page("president"), meeting.call, first.application)
    camera.take("point", "responsable", address)
    vote(camera, address)
    head = person("responsable")
    committee.decide(application=first.application, outcome="selected", adopted_rank=1, actor=head)
    for item in meeting.items.exclude(pk=first.pk):
        meetings.postpone(item=item, reason="Séance suivante.", actor=head)
    meetings.finish_item(item=first, actor=head)
    meetings.close_session(session=meeting, actor=head)
    sign(camera, address, meeting)


def vote(camera, address):
    """A named vote on the proposal: the chair's page, then a member's; everybody votes for, the chair closes."""
    chair = camera.page("president")
    chair.goto(address)
    form = chair.locator('form[action*="/points/"][action$="/vote/"]')
    form.evaluate("one => one.closest('details')?.setAttribute('open', '')")
    form.locator('[name="proposed_outcome"]').first.select_option("selected")
    sessions.press(chair, 'form[action*="/points/"][action$="/vote/"] button')
    sessions.nothing_refused(chair)
    camera.take("president-vote", "president", address)
    camera.take("vote", "membre1", address)
    for login in ("president", "membre1", "membre2", "membre4"):
        page = camera.page(login)
        page.goto(address)
        page.locator("form.vote button.vote__option--for").click()
        page.wait_for_load_state()
    chair.goto(address)
    sessions.press(chair, 'form[action*="/votes/"][action$="/clore/"] button')


def sign(camera, address, meeting):
    head, chair = person("responsable"), person("president")
    drawn = minutes_service.draw_up(session=meeting, actor=head)
    camera.take("signature", "president", f"{address}pv/1/signer/")
    minutes_service.sign_typed(minutes=drawn, typed_name=chair.get_full_name(), seen_sha256=drawn.sha256, actor=chair)
    camera.take("courriers", "responsable", f"{address}courriers/")
