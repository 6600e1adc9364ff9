"""Coincidences between an evaluator and a dossier that a person must look at before the machine assigns one to the other.

Names arrive as the tuples of comparable words that the caller's search uses (no case, accents or punctuation); legal forms are
left aside here, so that « Atlas Fibres SARL » and « ATLAS FIBRES » are one employer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

EMPLOYER = "employer"
EMAIL_DOMAIN = "email_domain"

Name = tuple[str, ...]

LEGAL_FORMS = frozenset({"sa", "sarl", "sarlau", "au", "sas", "sasu", "snc", "scs", "gie", "ste", "societe", "s", "a", "r", "l"})

# Domains where anybody has an address, and those reserved for examples (RFC 2606, RFC 6761): sharing one says nothing.
PUBLIC_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "yahoo.fr",
        "yahoo.co.uk",
        "ymail.com",
        "hotmail.com",
        "hotmail.fr",
        "outlook.com",
        "outlook.fr",
        "live.com",
        "live.fr",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.com",
        "gmx.fr",
        "gmx.net",
        "mail.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "zoho.com",
        "yandex.com",
        "laposte.net",
        "orange.fr",
        "free.fr",
        "sfr.fr",
        "wanadoo.fr",
        "menara.ma",
        "iam.net.ma",
        "example.com",
        "example.org",
        "example.net",
    ]
)
RESERVED_ENDINGS = (".example", ".test", ".invalid", ".localhost")


@dataclass(frozen=True, slots=True)
class Person:
    """An evaluator: the employer's name as shown and as compared, and the address."""

    id: str
    employer: str = ""
    words: Name = ()
    email: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who stands behind a dossier: {comparable name: name as written} of the association and its members, and addresses."""

    id: str
    names: dict[Name, str]
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Coincidence:
    """One thing a person and a dossier have in common. ``evidence`` is the name or the domain, as it is written."""

    evaluator: str
    dossier: str
    ground: str
    evidence: str


def detect(people: Iterable[Person], dossiers: Iterable[Parties]) -> tuple[Coincidence, ...]:
    """Every coincidence, in a fixed order: the employer is the association or a member, or both use one e-mail domain."""
    people, found = list(people), set()
    for dossier in dossiers:
        names = {bare(words): name for words, name in dossier.names.items() if bare(words)}
        domains = {own_domain(email) for email in dossier.emails} - {""}
        for person in people:
            shared = names.get(bare(person.words)) if person.words else None
            if shared is not None:
                found.add(Coincidence(person.id, dossier.id, EMPLOYER, shared))
            domain = own_domain(person.email)
            if domain in domains:
                found.add(Coincidence(person.id, dossier.id, EMAIL_DOMAIN, domain))
    return tuple(sorted(found))


def bare(words: Name) -> Name:
    """The words of a name without its legal form; a name made of nothing else is kept whole."""
    return tuple(word for word in words if word not in LEGAL_FORMS) or tuple(words)


def own_domain(email: str) -> str:
    """The domain of an address when it belongs to an organisation, otherwise ""."""
    domain = email.rpartition("@")[2].strip().casefold().rstrip(".")
    if not domain or domain in PUBLIC_DOMAINS or f".{domain}".endswith(RESERVED_ENDINGS):
        return ""
    return domain
