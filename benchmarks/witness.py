"""What the database says of the rush, against what the people were answered: each proof is a sentence and what contradicts it."""

from collections import Counter, defaultdict

from applications.models import Application, Deposit, DepositCounter, StepState, Strategy
from clusters_portal.audit import journal
from clusters_portal.audit.models import AuditEntry, AuditSeal
from clusters_portal.lib.canonical import sha256_hex

ACCEPTED, REFUSED = 302, 409


def proofs(call, said, slug) -> list:
    """[(sentence, [what contradicts it])]"""
    deposits = {made.application_id: made for made in Deposit.objects.filter(application__call=call)}
    whose = dict(Application.objects.filter(call=call).values_list("created_by__email", "pk"))
    sent = defaultdict(list)
    for row in said:
        sent[row["kind"]].append(row)
    return [
        ("No request failed, none answered 5xx", [f"{r['kind']} {r['status']}" for r in said if not 200 <= r["status"] < 500]),
        ("Every accepted deposit is there, once, under the number its receipt showed", lost(call, sent["deposit"], deposits, whose)),
        ("No deposit is there that nobody was told of", unknown(sent["deposit"], deposits, whose)),
        ("None was accepted after the deadline", late(call, sent["deposit"], deposits)),
        ("None sent in time was refused as late", made_late(call, sent["deposit"])),
        ("No number twice, no gap: as many numbers as deposits, 1 to the last", numbers(call, deposits)),
        ("Every refused attempt is in the journal, and no other", refused(call, sent["deposit"])),
        ("Every accepted save is there: as many versions as saves, the last text stands", saves(sent["save"], whose, slug)),
        ("Every deposit is frozen as sealed, with the last text saved before it", frozen(sent, deposits, whose, slug)),
        ("The journal is whole and its chain unbroken", chain()),
    ]


def lost(call, sent, deposits, whose) -> list:
    rows = Counter(Deposit.objects.filter(application__call=call).values_list("application", flat=True))
    found = [f"{pk} has {count} deposits" for pk, count in rows.items() if count != 1]
    for row in sent:
        made = deposits.get(whose[row["person"]])
        if row["status"] == ACCEPTED and (made is None or made.number != row["number"]):
            found.append(f"{row['person']} was shown {row['number']}, stored {made and made.number}")
    return found


def unknown(sent, deposits, whose) -> list:
    told = {whose[row["person"]] for row in sent if row["status"] == ACCEPTED}
    return [made.number for pk, made in deposits.items() if pk not in told]


def late(call, sent, deposits) -> list:
    """By the second of the deposit, the deadline's own included, and by when it was sent."""
    found = [
        f"{made.number} at {made.received_at}" for made in deposits.values() if made.received_at.replace(microsecond=0) > call.deadline_at
    ]
    deadline = call.deadline_at.timestamp() + 1
    earlier = {row["person"] for row in sent if row["status"] == ACCEPTED and row["sent"] < deadline}
    return found + [r["person"] for r in sent if r["status"] == ACCEPTED and r["sent"] >= deadline and r["person"] not in earlier]


def made_late(call, sent) -> list:
    """Refusals « the call is closed », in the journal, of people who sent nothing after the deadline."""
    after = {row["person"] for row in sent if row["sent"] > call.deadline_at.timestamp()}
    return [f"{person}: {data['received_at']}" for person, data in refusals(call) if "closed" in data["codes"] and person not in after]


def numbers(call, deposits) -> list:
    given = sorted(made.number for made in deposits.values())
    last = DepositCounter.objects.filter(call=call).values_list("last", flat=True).first() or 0
    wanted = [f"{call.number_prefix}-{number:04d}" for number in range(1, len(deposits) + 1)]
    return ([] if given == wanted else ["the numbers are not 1 to the last"]) + ([] if last == len(given) else [f"the counter says {last}"])


def refusals(call):
    """(address of the person, what the journal says) of every refused deposit."""
    pks = {str(pk) for pk in Application.objects.filter(call=call).values_list("pk", flat=True)}
    entries = AuditEntry.objects.filter(action="application.deposit_refused", object_id__in=pks)
    return entries.values_list("actor__email", "data")


def refused(call, sent) -> list:
    told = Counter(row["person"] for row in sent if row["status"] == REFUSED)
    kept = Counter(person for person, _data in refusals(call))
    return [
        f"{person}: {told[person]} answered, {kept[person]} journaled"
        for person in told.keys() | kept.keys()
        if told[person] != kept[person]
    ]


def saves(sent, whose, slug) -> list:
    versions = dict(StepState.objects.filter(slug=slug).values_list("application", "version"))
    texts = dict(Strategy.objects.values_list("application", "overall"))
    found, first = [], min(row["version"] for row in sent)
    accepted = defaultdict(list)
    for row in sent:
        if row["status"] == ACCEPTED:
            accepted[whose[row["person"]]].append((row["version"], row["text"]))
    for pk, rows in accepted.items():
        if versions[pk] != first + len(rows):
            found.append(f"{pk}: {len(rows)} saves accepted, version {versions[pk]}")
        if texts[pk] != max(rows)[1]:
            found.append(f"{pk}: “{texts[pk]}” stands instead of “{max(rows)[1]}”")
    return found


def frozen(sent, deposits, whose, slug) -> list:
    found = [made.number for made in deposits.values() if sha256_hex(made.snapshot) != made.sha256]
    for pk, made in deposits.items():
        moment = made.received_at.timestamp()
        before = [r for r in sent["save"] if whose[r["person"]] == pk and r["status"] == ACCEPTED and r["sent"] + r["seconds"] <= moment]
        around = [r for r in sent["save"] if whose[r["person"]] == pk and r["sent"] <= moment <= r["sent"] + r["seconds"]]
        text = made.content["steps"][slug]["strategy"]["overall"]
        last = max(before, key=lambda row: row["version"], default=None)
        if last and text != last["text"] and text not in [row["text"] for row in around]:
            found.append(f"{made.number} says “{text}”, saved before: “{last['text']}”")
    return found


def chain() -> list:
    while journal.seal():
        pass
    fault = journal.first_fault()
    missing = AuditEntry.objects.count() - AuditSeal.objects.count()
    return ([fault] if fault else []) + ([f"{missing} entries without a seal"] if missing else [])
