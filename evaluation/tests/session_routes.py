"""The addresses of the committee's sessions: (name, arguments, whether it is an act). Who gets what is in tests/rights/of_seance.py."""

SESSION, ITEM, SEAT, BALLOT = ("slug", "one"), ("slug", "one", "item"), ("slug", "one", "seat"), ("slug", "one", "ballot")
PAGES = [
    ("sessions", ("slug",)),
    ("session_create", ("slug",)),
    ("session", SESSION),
    ("session_change", SESSION),
    ("session_convene", SESSION),
    ("session_live", SESSION),
    ("session_screen", SESSION),
    ("item_declare", ITEM),
]
ACTS = [
    ("session_create", ("slug",)),
    ("session_change", SESSION),
    ("session_convene", SESSION),
    ("session_members", SESSION),
    ("session_question", SESSION),
    ("session_cancel", SESSION),
    *(("session_act", (*SESSION, act)) for act in ("ordre", "reprendre", "ouvrir", "clore")),
    *(("session_prepare_item", (*ITEM, act)) for act in ("monter", "descendre", "retirer")),
    *(("session_attendance", (*SEAT, move)) for move in ("arrivee", "depart")),
    ("session_lift", SEAT),
    *(("item_act", (*ITEM, act)) for act in ("ouvrir", "finir", "plus-tard")),
    ("item_postpone", ITEM),
    ("item_summary", ITEM),
    ("item_stand_in", ITEM),
    ("item_declare", ITEM),
    ("ballot_open", ITEM),
    ("ballot_tie", ITEM),
    ("ballot_vote", BALLOT),
    ("ballot_close", BALLOT),
    ("ballot_cancel", BALLOT),
    ("ballot_cast", BALLOT),
]
SESSION_ROUTES = [*((name, args, False) for name, args in PAGES), *((name, args, True) for name, args in ACTS)]
