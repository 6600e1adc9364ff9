"""What a person asked about his data, as he reads it back."""


def requests_of(user) -> dict:
    rows = user.data_requests.order_by("-pk")
    return {
        "requests": [
            {
                "kind": row.kind, "asked": row.get_kind_display(), "text": row.text, "made_at": row.made_at, "due_at": row.due_at,
                "outcome": row.get_outcome_display() if row.outcome else "", "answer": row.answer, "answered_at": row.answered_at,
            }
            for row in rows
        ]
    }  # fmt: skip
