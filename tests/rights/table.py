"""Who gets what from every address, as one table (evaluation.md 1.3).

A row gives, for each visitor it names, one status for every state or one per state in the order of `Row.states`.
Whoever is not named gets 404, the page of what does not exist; whoever is not signed in is sent to the login.
The addresses of the judging floor that hang on a call are read from its own table, `evaluation/tests/test_rights.py`.
A subject with many addresses has a module of its own here, `of_<subject>.py`: its ROWS (and ADMIN) join these.
"""

import pkgutil
from importlib import import_module

from evaluation.tests import test_rights as judging
from tests import rights
from tests.rights import of_consensus
from tests.rights.rows import (
    ANSWERED,
    APPLICANTS,
    COMMITTEE,
    EVALUATORS,
    LOGIN,
    OWN,
    OWN_STATES,
    READERS,
    SIGNED_IN,
    SIGNED_OUT,
    STAFF,
    Row,
    of,
    once,
    own,
    who,
)
from tests.rights.world import BY_ROLE, VISITORS

ANYONE, ACCOUNT = who((VISITORS, 200)), who((SIGNED_IN, 200))
APPLY = who((APPLICANTS, 200), (STAFF, 403))
PUBLIC = [
    *(once(f"applications:{name}", expects=ANYONE, public=True) for name in ("home", "privacy", "accessibility", "terms", "verify_form")),
    *(
        once(f"applications:{name}", "=call", *args, expects=ANYONE, public=True)
        for name, *args in (
            ("call_detail",), ("specifications",), ("specifications_pdf", "fr"), ("declaration_model", "ar"),
            ("empty_workbook",), ("self_test",),
        )
    ),
    Row("applications:verify", ("=number",), who((VISITORS, "404 200 200")), "get", OWN_STATES, True),
    once("applications:invitation", "=token", expects=who((SIGNED_OUT, 200), (SIGNED_IN, 403)), public=True),
    once("applications:invitation", "=token", expects=who((VISITORS, 403)), method="post", public=True),
    once("set_language", expects=who((VISITORS, 302)), public=True),
    once("set_language", expects=who((VISITORS, 302)), method="post", public=True),
]  # fmt: skip
ACCOUNTS = [
    once("accounts:landing", expects=who((SIGNED_IN, 302))),
    once("accounts:profile", expects=ACCOUNT),
    once("accounts:profile", expects=ACCOUNT, method="post"),
    once("applications:my_applications", expects=ACCOUNT),
    once("applications:application_create", "=call", expects=APPLY),
    once("applications:application_create", "=call", expects=APPLY, method="post"),
    once("applications:self_test_carry", "=call", expects=APPLY),
    once("applications:self_test_carry", "=call", expects=APPLY, method="post"),
]

STEP, ROW = ("=pk", "territoire"), ("=pk", "membres", "members")
# The call of the deposited dossier is open: it may still be changed (A12). That of the decided one is at its committee.
EDITABLE, THEN_LIST = who((OWN, "200 200 403")), who((OWN, "200 200 302"))
IMPORT = who(("mandatary", "200 404 404"))
DOSSIER = [
    own("task_list", "=pk", expects=who((OWN, 200))),
    own("step", *STEP, expects=THEN_LIST),
    own("step", *STEP, expects=who((OWN, 409)), method="post"),
    own("step_preview", *STEP, expects=who((OWN, 200))),
    own("step_preview", *STEP, expects=who((OWN, 200)), method="post"),
    own("row_add", *ROW, expects=THEN_LIST),
    own("row_add", *ROW, expects=who((OWN, 422)), method="post"),
    own("row", *ROW, "=member", expects=THEN_LIST),
    own("row", *ROW, "=member", expects=who((OWN, 409)), method="post"),
    own("upload", "=pk", "OTHER", expects=who((OWN, 422)), method="post"),
    own("document_remove", "=document", expects=who((OWN, 200))),
    own("document_remove", "=document", expects=who((OWN, "302 302 403")), method="post"),
    own("document_remove", "=removed", expects={}),
    own("check", "=pk", expects=THEN_LIST),
    own("declare", "=pk", expects=who(("mandatary", "200 200 302"), ("editor", "403 403 302"))),
    own("declare", "=pk", expects=who(("mandatary", "200 200 302"), ("editor", "403 403 302")), method="post"),
    own("receipt", "=pk", expects=who((OWN, "404 200 200"))),
    own("members_file", "=pk", expects=EDITABLE),
    own("members_file", "=pk", expects=who((OWN, "422 422 403")), method="post"),
    own("members_paste", "=pk", expects=EDITABLE),
    own("members_paste", "=pk", expects=EDITABLE, method="post"),
    own("members_columns", "=pk", expects=IMPORT),
    own("members_columns", "=pk", expects=IMPORT, method="post"),
    own("members_preview", "=pk", expects=IMPORT),
    own("members_preview", "=pk", expects=IMPORT, method="post"),
    own("filled_workbook", "=pk", expects=who((OWN, 200))),
    own("workbook", "=pk", expects=EDITABLE),
    own("workbook", "=pk", expects=who((OWN, "422 422 403")), method="post"),
    own("workbook_changes", "=pk", expects=IMPORT),
    own("workbook_changes", "=pk", expects=IMPORT, method="post"),
]
RULES, FOLLOWS = who(("mandatary", 200), ("editor", 403)), who(("mandatary", 302), ("editor", 403))
PEOPLE = [
    own("people", "=pk", expects=who((OWN, 200))),
    own("people_invite", "=pk", expects=who(("mandatary", 422), ("editor", 403)), method="post"),
    own("people_leave", "=pk", expects=who(("mandatary", 403), ("editor", 200))),
    own("people_leave", "=pk", expects=who(("mandatary", 403), ("editor", 302)), method="post"),
    own("people_remove", "=pk", "=collaborator", expects=RULES),
    own("people_remove", "=pk", "=collaborator", expects=FOLLOWS, method="post"),
    own("people_transfer", "=pk", "=collaborator", expects=RULES),
    own("people_transfer", "=pk", "=collaborator", expects=who(("mandatary", 409), ("editor", 403)), method="post"),
    own("people_transfer_accept", "=pk", expects=who(("mandatary", 403), ("editor", 302)), method="post"),
    own("people_transfer_decline", "=pk", expects=who(("mandatary", 403), ("editor", 302)), method="post"),
    own("people_transfer_cancel", "=pk", expects=FOLLOWS, method="post"),
    own("people_revoke", "=pk", "=invitation", expects=FOLLOWS, method="post"),
]

# draft, deposited, admissible, evaluation, committee, decided
SUBMITTED = who((READERS, "404 200 200 200 200 200"), ("recused_head", "404 200 200 404 404 404"))
FILES = SUBMITTED | who((OWN, 200))
RECEIPTS = SUBMITTED | who((OWN, "404 200 200 200 200 200"))
DPTC = [
    once("applications:worklist", expects=who(((*READERS, "recused_head"), 200))),
    of("applications:reading", "=pk", expects=SUBMITTED),
    of(
        "applications:admissibility", "=pk",
        expects=who((READERS, "404 403 200 200 200 200"), ("recused_head", "404 403 200 404 404 404")),  # decided once closed
    ),
    of(
        "applications:admissibility", "=pk", method="post",
        expects=who((READERS, "404 403 403 403 403 403"), ("recused_head", "404 403 403 404 404 404")),
    ),
    of(
        "applications:assign", "=pk", method="post",
        expects=who((("officer", "head"), "404 302 302 302 302 302"), (("counter", "auditor"), "404 403 403 403 403 403"),
                    ("recused_head", "404 302 302 404 404 404")),
    ),
    of("applications:to_sign", "=pk", expects=FILES),
    of("applications:generated_pdf", "=pk", "declaration", "fr", expects=FILES),
    of("applications:generated_pdf", "=pk", "no-such-paper", "fr", expects={}),
    of("applications:receipt_pdf", "=pk", "fr", expects=RECEIPTS),
    of("applications:receipt_snapshot", "=pk", expects=RECEIPTS),
    of("applications:document_download", "=document", expects=FILES),
    of("applications:document_download", "=removed", expects=who((OWN, 200))),
    of("applications:document_page", "=document", 1, expects=FILES),
    of("applications:document_page", "=removed", 1, expects=who((OWN, 200))),
]  # fmt: skip

SCORERS = ("cleared", "peer")
JUDGES_READ = who(
    (("officer", "head", "auditor"), "404 404 200 200 200 200"), (COMMITTEE, "404 404 404 404 200 200"),
    (SCORERS, "404 404 404 200 200 200"), ("recused_head", "404 404 200 404 404 404"),
)  # fmt: skip
TOLD_LATE = (COMMITTEE, "404 404 404 404 403 403")
EVALUATION = [
    once("evaluation:my_evaluations", expects=who((EVALUATORS, 200))),
    of("evaluation:dossier", "=pk", expects=JUDGES_READ),
    of("evaluation:document", "=pk", "=document", expects=JUDGES_READ),
    of("evaluation:pack", "=pk", "ar", expects=JUDGES_READ),
    of("evaluation:pack", "=pk", "en", expects={}),
    of("evaluation:document", "=pk", "=removed", expects={}),
    of("evaluation:document_page", "=pk", "=document", 1, expects=JUDGES_READ),
    of("evaluation:admissibility", "=pk", expects=who((COMMITTEE, "404 404 404 404 200 200"))),
    of("evaluation:document_page", "=pk", "=removed", 1, expects={}),
    of("evaluation:declare", "=pk", expects=who((SCORERS, "404 404 404 200 200 200"), ("undeclared", "404 404 404 200 404 404"))),
    of("evaluation:declare", "=pk", method="post",
       expects=who((SCORERS, "404 404 404 422 422 422"), ("undeclared", "404 404 404 422 404 404"))),
    of("evaluation:evaluate", "=pk", expects=who(
        ("cleared", "404 404 404 200 302 302"), ("peer", "404 404 404 302 302 302"), ("undeclared", "404 404 404 302 404 404"))),
    of("evaluation:evaluate", "=pk", method="post", expects=who(
        ("cleared", "404 404 404 409 302 302"), ("peer", "404 404 404 302 302 302"), ("undeclared", "404 404 404 302 404 404"))),
    of("evaluation:total", "=pk", method="post", expects=who(
        (SCORERS, "404 404 404 200 403 403"), ("undeclared", "404 404 404 403 404 404"))),
    of("evaluation:sheet", "=sheet", expects=who(
        (("officer", "head", "auditor", "peer"), "404 404 404 200 200 200"), ((*COMMITTEE, "cleared"), "404 404 404 404 200 200"))),
    of("evaluation:sheet", "=own_sheet", expects=who(
        (("officer", "head", "auditor"), "404 404 404 404 200 200"), ("cleared", "404 404 404 200 200 200"),
        ((*COMMITTEE, "peer"), "404 404 404 404 200 200"))),
    of("evaluation:reopen", "=sheet", expects=who(
        ("head", "404 404 404 200 200 200"), (("officer", "auditor", "peer"), "404 404 404 403 403 403"), TOLD_LATE,
        ("cleared", "404 404 404 404 403 403"))),
    of("evaluation:reopen", "=sheet", method="post", expects=who(
        ("head", "404 404 404 422 422 422"), (("officer", "auditor", "peer"), "404 404 404 403 403 403"), TOLD_LATE,
        ("cleared", "404 404 404 404 403 403"))),
]  # fmt: skip

NAMES = {"slug": "=call", "pk": "=pk", "one": 1, "assignment": "=assignment", "conflict": 0}
# Someone barred from one dossier of a run: its documents name every dossier, so none is given.
BARRED = {
    "full_grid": 404,
    "call_archive": 404,
    "call_archive_file": 404,
    "ranking_document": 404,
    "advice": 404,
    "compute_advice": 404,
    "advice_file": 404,
    "shortlist": 404,
    "publication": 404,
    "release": 404,
    "submit_ranking": (*ANSWERED, 404),
    "decide": 404,
}


def _judged(route, state) -> Row:
    """A row of the judging floor's own table, for the people of this one."""
    expects = {}
    for visitor, roles in BY_ROLE.items():
        allowed, told = set(roles) & set(route.allowed), set(roles) & set(route.told)
        expects[visitor] = ANSWERED if allowed else 403 if told else 404
    if route.name in BARRED:
        expects["recused_head"] = BARRED[route.name]
    args = tuple(NAMES.get(arg, arg) for arg in route.args)
    return Row(f"evaluation:{route.name}", args, expects, "post" if route.post else "get", (state,), data=route.data)


# What the world has none of: tested in evaluation/tests/test_rights.py.
NOT_IN_THE_WORLD = {"conflict", "likely", "run", "person", "item", "seat", "ballot"}


def _by_call(routes, state):
    own_rows = {row.name.partition(":")[2] for row in EVALUATION} | of_consensus.NAMES
    return [_judged(route, state) for route in routes if route.name not in own_rows and NOT_IN_THE_WORLD.isdisjoint(route.args)]


DELIBERATION = [*_by_call(judging.AT_WORK, "evaluation"), *_by_call(judging.AT_DELIBERATION, "committee")]
SUBJECTS = [
    import_module(f"{rights.__name__}.{module.name}") for module in pkgutil.iter_modules(rights.__path__) if module.name.startswith("of_")
]
ROWS = [*PUBLIC, *ACCOUNTS, *DOSSIER, *PEOPLE, *DPTC, *EVALUATION, *DELIBERATION, *(row for subject in SUBJECTS for row in subject.ROWS)]
# Tested in evaluation/tests/test_rights.py, where a declaration waits for its ruling and a run for its application.
ELSEWHERE = {f"evaluation:{name}" for name in ("rule", "dismiss_conflict", "assignment_run", "run_document", "apply_run", "evaluator")}

# Pages of allauth: what a visitor and a signed-in person get by GET.
ALLAUTH = {
    "account_login": (200, 302), "account_signup": (200, 302), "account_logout": (302, 200), "account_inactive": (200, 200),
    "account_reauthenticate": (LOGIN, 200), "account_email": (LOGIN, 200), "account_email_verification_sent": (200, 200),
    "account_change_password": (LOGIN, 200), "account_set_password": (LOGIN, 302), "account_reset_password": (200, 200),
    "account_confirm_login_code": (LOGIN, 302), "account_confirm_email": (200, 200), "account_reset_password_from_key": (200, 200),
    "account_reset_password_done": (200, 200), "account_reset_password_from_key_done": (200, 200),
    "mfa_index": (LOGIN, 200), "mfa_authenticate": (LOGIN, 302), "mfa_reauthenticate": (LOGIN, 302), "mfa_activate_totp": (LOGIN, 302),
    "mfa_deactivate_totp": (LOGIN, 404), "mfa_view_recovery_codes": (LOGIN, 404), "mfa_generate_recovery_codes": (LOGIN, 302),
    "mfa_download_recovery_codes": (LOGIN, 404), "mfa_list_webauthn": (LOGIN, 200), "mfa_add_webauthn": (LOGIN, 302),
    "mfa_reauthenticate_webauthn": (LOGIN, 302), "mfa_remove_webauthn": (LOGIN, 302), "mfa_edit_webauthn": (LOGIN, 302),
    "mfa_login_webauthn": (LOGIN, 302), "usersessions_list": (LOGIN, 200),
}  # fmt: skip

# Models of the administration site: who reads the list, who may add by hand.
CONFIGURE, DECIDED_BY = ("administrator", "head", "recused_head"), ("officer", "head", "chair", "auditor", "recused_head")
CONTENT, NOBODY = ("head", "auditor", "recused_head"), ()
ADMIN = {
    "accounts.user": (("administrator", "auditor", "recused_head"), ("administrator",)),
    "audit.auditentry": (("auditor", "recused_head"), NOBODY),
    "notifications.outgoingmail": (NOBODY, NOBODY),
    "applications.call": ((*CONFIGURE, "officer", "auditor"), CONFIGURE),
    "applications.application": (CONTENT, NOBODY), "applications.deposit": (CONTENT, NOBODY),
    "applications.admissibilitycheck": (CONTENT, NOBODY),
    "evaluation.grid": ((*DECIDED_BY, "member"), ("head", "recused_head")),
    "evaluation.gridcriterion": ((*DECIDED_BY, "member"), NOBODY),
    "evaluation.conflictdeclaration": (DECIDED_BY, NOBODY), "evaluation.assignment": (DECIDED_BY, NOBODY),
    "evaluation.ranking": (CONTENT, NOBODY),
    "evaluation.decision": (("head", "member", "chair", "auditor", "recused_head"), NOBODY),
}  # fmt: skip
ADMIN |= {label: who_ for subject in SUBJECTS for label, who_ in getattr(subject, "ADMIN", {}).items()}
ADMIN_PAGES = {
    "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site", "app_list",
}  # fmt: skip
ADMIN_VIEWS = ("changelist", "add", "change", "delete", "history", "simple_history")
