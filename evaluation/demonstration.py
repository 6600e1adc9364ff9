"""The demonstration beyond the deposit: people of every role, evaluations of the closed edition, a tie at the last place."""

from datetime import timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from applications import demonstration as dossiers
from applications.demonstration.register import load_register
from applications.models import Call
from clusters_portal.accounts.demo import DEMO_DOMAIN, DEMO_PASSWORD
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock

from .models import Assignment, Consensus
from .queries import panel_of
from .queries.problems import Parameters
from .services import (
    assignment_runs,
    assignments,
    attendance,
    committee,
    conflicts,
    consensus,
    consensus_closing,
    evaluations,
    evaluators,
    grids,
    rankings,
    sessions,
)

# login, first name, last name, employer, role (None: applicant)
PEOPLE = (
    ("responsable", "Houda", "Benali-Démo", "Ministère de l'Industrie et du Commerce", Role.DIVISION_HEAD),
    ("instructeur", "Amine", "Rahmouni-Démo", "Ministère de l'Industrie et du Commerce", Role.CASE_OFFICER),
    ("guichet", "Siham", "Kabbaj-Démo", "Ministère de l'Industrie et du Commerce", Role.COUNTER_AGENT),
    ("evaluateur1", "Karim", "Tazi-Démo", "École d'ingénieurs (fictive)", Role.EVALUATOR),
    ("evaluateur2", "Najat", "Filali-Démo", "Centre technique (fictif)", Role.EVALUATOR),
    ("evaluateur3", "Othmane", "Skalli-Démo", "Université (fictive)", Role.EVALUATOR),
    ("evaluateur4", "Zineb", "Alaoui-Démo", "Cabinet de conseil (fictif)", Role.EVALUATOR),
    ("evaluateur5", "Jaouad", "Berrada-Démo", "Agence publique (fictive)", Role.EVALUATOR),
    ("membre1", "Latifa", "Chami-Démo", "Ministère des Finances (fictif)", Role.COMMITTEE_MEMBER),
    ("membre2", "Reda", "Mernissi-Démo", "Confédération d'entreprises (fictive)", Role.COMMITTEE_MEMBER),
    ("membre3", "Samira", "Bennis-Démo", "Agence de développement (fictive)", Role.COMMITTEE_MEMBER),
    ("membre4", "Hicham", "Ouazzani-Démo", "Centre régional d'investissement (fictif)", Role.COMMITTEE_MEMBER),
    ("president", "Abdelilah", "Sqalli-Démo", "Ministère de l'Industrie et du Commerce", Role.COMMITTEE_CHAIR),
    ("administrateur", "Mouna", "Idrissi-Démo", "Ministère de l'Industrie et du Commerce", Role.ADMINISTRATOR),
    ("auditeur", "Fouad", "Lamrani-Démo", "Inspection générale (fictive)", Role.AUDITOR),
    ("textile", "Nadia", "Zerouali-Démo", "Cluster Fil-Atlas Textiles Techniques", None),
    ("hydrogene", "Rachid", "Bouzidi-Démo", "Pôle Hydrogène Vent-du-Cap", None),
    ("agritech", "Driss", "El Amrani-Démo", "Agri-Tech Oued Zitoun", None),
)
# What each evaluator knows (sections of the NMA), least and greatest number of applications.
PROFILES = {
    "evaluateur1": ("CJ", 3, 12),
    "evaluateur2": ("CE", 0, 12),
    "evaluateur3": ("BCM", 3, 12),
    "evaluateur4": ("JKN", 0, 12),
    "evaluateur5": ("ADH", 0, None),
}
OTHERS = "cluster.example"  # mandataries of the closed edition: not on the list of logins, which stays short
OPENS_ADMINISTRATION = (Role.ADMINISTRATOR, Role.DIVISION_HEAD, Role.AUDITOR)

# Half points given by the five evaluators to each dossier, before small differences between criteria. Two dossiers
# receive the very same marks, in regions nobody ranked better covers: the tie crosses the last of the three places.
LEVELS = (9, 6, 7, 8, 4, 8, 5, 9, 6, 7, 3, 5)
TIED = (3, 5)
# What the advice has to show: a lenient and a severe evaluator, and a dossier on which two of them disagree (half points).
DISCORDANT = (8, {1: 2, 3: -2, 4: -1})
CLOSE_BEHIND = 9
AGREED = "Note arrêtée après lecture commune des évaluations ; motifs fictifs de démonstration."
DISCUSSED = (
    "Les évaluateurs divergeaient de deux points ou plus : après lecture commune des tableaux, ils s'accordent sur la note médiane. "
    "Motifs fictifs de démonstration."
)
# The dossier whose report one evaluator does not approve.
DISSENTING = 6
DISSENT = "Le cofinancement n'est pas établi : une note inférieure d'un point aurait été plus juste. Avis fictif de démonstration."
MAJORITY = "Les lettres d'engagement suffisent à ce stade pour quatre évaluateurs sur cinq. Avis fictif de démonstration."
JUSTIFICATION = (
    "Le dossier répond à ce critère par des éléments précis, cités dans la section concernée ; appréciation fictive de démonstration."
)


def load() -> bool:
    """Load everything once; returns False, changing nothing, when it is there already."""
    if User.objects.filter(email=f"responsable@{DEMO_DOMAIN}").exists():
        return False
    people = {login: person(login, *details) for login, *details in PEOPLE}
    closed = Call.objects.get(slug="2026")
    mandataries = [
        person(f"candidat{n:02d}", "Prénom", f"Fictif-{n:02d}", row[0], None, domain=OTHERS) for n, row in enumerate(dossiers.CLUSTERS, 1)
    ]
    grid = grids.create_default_grid(call=closed, actor=people["responsable"])
    grids.adopt(grid=grid, adopted_on=clock.today(closed.opens_at), reference="PV de démonstration n° 1", actor=people["responsable"])
    received = dossiers.deposit_closed_edition(call=closed, actors=mandataries)
    dossiers.receive_paper(received, actor=people["guichet"])
    dossiers.declare_admissible(received, officer=people["instructeur"], head=people["responsable"])
    dossiers.work_at_the_desk(received, officer=people["instructeur"], head=people["responsable"])
    _describe(closed, people)
    _evaluate(closed, received, people)
    _agree(closed, received, people)
    _rank_and_open_committee(closed, people)
    _convene(closed, people)
    load_register(actor=people["responsable"])
    dossiers.open_edition(call=Call.objects.get(slug="demonstration"), actors=[people[n] for n in ("textile", "hydrogene", "agritech")])
    return True


def person(login, first_name, last_name, employer, role, domain=DEMO_DOMAIN) -> User:
    """One demonstration account with a verified address."""
    user = User.objects.create_user(
        f"{login}@{domain}", DEMO_PASSWORD, first_name=first_name, last_name=last_name, employer=employer,
        is_staff=role in OPENS_ADMINISTRATION,
    )  # fmt: skip
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _describe(call, people):
    """Evaluators' profiles, and an automatic proposal that was looked at, then left for « all read all »."""
    with clock.set_to(call.deadline_at + timedelta(days=8)):
        for login, (expertise, least, greatest) in PROFILES.items():
            evaluators.save_profile(
                person=people[login], actor=people["responsable"], employer=people[login].employer, expertise=tuple(expertise),
                min_load=least, max_load=greatest, confidentiality_signed_on=None,
            )  # fmt: skip
            evaluators.sign_commitment(actor=people[login])
        assignment_runs.preview(call=call, actor=people["responsable"], parameters=Parameters(3, seed=call.year))


def _evaluate(call, applications, people):
    started = call.deadline_at + timedelta(days=9)
    with clock.set_to(started):
        assignments.assign_all(call=call, actor=people["responsable"])
    for number in range(1, 6):
        evaluator = people[f"evaluateur{number}"]
        for index, application in enumerate(applications):
            with clock.set_to(started + timedelta(days=number, hours=index)):
                _score(application, index, number, evaluator)


def _score(application, index, number, evaluator):
    conflicts.declare(application=application, interest="none", actor=evaluator)
    assignment = Assignment.objects.get(application=application, evaluator=evaluator)
    seed = TIED[0] if index in TIED else index
    marks = {}
    for position, criterion in enumerate(application.call.criteria.all()):
        halves = LEVELS[seed] + (seed * 3 + position * 5 + number * 7) % 3 - 1 + (position < seed % 5)
        halves += _leaning(number, position + seed)
        if seed == DISCORDANT[0]:
            halves += DISCORDANT[1].get(number, 0)
        if seed == CLOSE_BEHIND:
            halves += position % 3 > 0
        marks[criterion.code] = evaluations.Mark(Decimal(min(max(halves, 0), 10)) / 2, JUSTIFICATION)
    sheet = evaluations.Sheet(marks=marks, strengths="Gouvernance claire.", weaknesses="Cofinancement à consolider.", confidence=2)
    draft = evaluations.save_draft(assignment=assignment, sheet=sheet, revision=0, actor=evaluator)
    evaluations.submit(assignment=assignment, revision=draft.revision, actor=evaluator)


def _leaning(number, turn) -> int:
    """The second evaluator adds half a point one time in three, the fourth takes one away every other time."""
    return {2: int(turn % 3 == 0), 4: -int(turn % 2 == 0)}.get(number, 0)


def _agree(call, applications, people):
    """Each consensus written by its rapporteur on the half point nearest to the mean, discussed and answered by all."""
    started = call.deadline_at + timedelta(days=20)
    with clock.set_to(started):
        consensus.open_all(call=call, actor=people["instructeur"])
    for index, application in enumerate(applications):
        with clock.set_to(started + timedelta(days=1, hours=index)):
            report = Consensus.objects.get(application=application)
            panel = panel_of(application)
            saved = consensus.save(consensus=report, report=_report(index, panel), revision=0, actor=report.rapporteur)
            asked = consensus.ask_approval(consensus=saved, revision=saved.revision, actor=saved.rapporteur)
        with clock.set_to(started + timedelta(days=2, hours=index)):
            _conclude(asked, panel, DISSENT if index == DISSENTING else "", people["responsable"])


def _report(index, panel):
    marks: dict = {}
    for evaluation in panel.evaluations:
        for score in evaluation.scores.all():
            marks.setdefault(score.criterion.criterion.code, []).append(score.value)
    agreed = {}
    for code, values in marks.items():
        text = DISCUSSED if index == DISCORDANT[0] and max(values) - min(values) >= 2 else AGREED
        agreed[code] = consensus.AgreedMark(Decimal(round(2 * sum(values) / len(values))) / 2, text)
    return consensus.Report(agreed, "Dossier cohérent ; les réserves sont dites critère par critère. Synthèse fictive.")


def _conclude(asked, panel, dissent, head):
    *most, last = panel.people
    for person in most:
        consensus_closing.answer(consensus=asked, round=asked.round, answer="approve", actor=person)
    answer, views = ("dissent", {"majority_view": MAJORITY, "minority_view": dissent}) if dissent else ("approve", {})
    consensus_closing.answer(consensus=asked, round=asked.round, answer=answer, minority_text=dissent, actor=last)
    consensus_closing.conclude(consensus=asked, actor=head, **views)


def _rank_and_open_committee(call, people):
    with clock.set_to(call.deadline_at + timedelta(days=30)):
        ranking = rankings.run(call=call, actor=people["responsable"])
        committee.submit_to_committee(ranking=ranking, actor=people["responsable"])


COMMITTEE = ("president", "membre1", "membre2", "membre3", "membre4")
# The member who declared an interest after the convocation, and the proposed rank of the dossier: out of that item, and of the
# votes on the others as long as the chair or the head does not allow them.
STEPPED_DOWN = ("membre3", 6)


def _convene(call, people):
    """A session convened a week ago for today: whoever signs in may record arrivals, open it and play it to the end."""
    today = clock.now().replace(minute=0, second=0, microsecond=0)
    head = people["responsable"]
    with clock.set_to(max(today - timedelta(days=8), call.deadline_at + timedelta(days=31))):
        session = sessions.create(
            call=call, scheduled_at=max(today, clock.now()) + timedelta(hours=1), place="Rabat, ministère de l'Industrie et du Commerce",
            notice="Séance fictive de démonstration.", actor=head,
        )  # fmt: skip
        members = {people[login]: "chair" if login == "president" else "member" for login in COMMITTEE}
        sessions.appoint(session=session, capacities=members | {people["auditeur"]: "observer"}, actor=head)
        sessions.convene(session=session, actor=head)
    login, rank = STEPPED_DOWN
    with clock.set_to(max(today - timedelta(days=6), call.deadline_at + timedelta(days=32))):
        attendance.step_down(
            item=session.items.get(position=rank), interest="disqualifying", kind="employment", actor=people[login],
            text="Mission de conseil auprès de l'association porteuse en 2025 (fictif).",
        )  # fmt: skip
