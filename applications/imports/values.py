"""Free wording to the codes of the member form: French, Arabic, English, or the code itself. Pure.

A reader returns the code, "" for an empty cell, or None for a text it does not know: better ask than guess.
"""

import re

from applications import reference

from .words import holds, plain

_CATEGORIES = {
    "company": (
        "company|entreprise|entreprises|societe|compagnie|industriel|industrie|pme|pmi|tpe|eti|grande entreprise|start up|"
        "startup|prive|secteur prive|"
        "bureau d etudes|operateur economique|private company|firm|business|مقاوله|مقاولات|شركه|القطاع الخاص"
    ),
    "research_training": (
        "research_training|research training|formation|recherche|formation recherche|universite|ecole|faculte|institut|"
        "laboratoire|centre de recherche|"
        "centre de formation|enseignement|enseignement superieur|innovation|academique|university|school|research|training|academic|"
        "training innovation or research institution|جامعه|مدرسه|معهد|كليه|مختبر|تكوين|التكوين|بحث|البحث|التكوين والبحث|"
        "مؤسسه تكوين|مركز بحث|institution de formation d innovation ou de recherche|مؤسسه للتكوين او الابتكار او البحث"
    ),
    "other": (
        "other|autre|autres|institution|institutionnel|association|organisme public|administration|collectivite|federation|"
        "chambre|agence|"
        "etablissement public|public|ong|public body|public institution|اخري|اخر|جمعيه|هيئه عموميه|مؤسسه عموميه|اداره|جماعه|"
        "فيدراليه|غرفه|وكاله"
    ),
}
_ENGAGEMENTS = {
    "engaged": (
        "engaged|engage|engagee|engages|engagees|membre engage|adherent|adherente|adhere|membre|membre actif|"
        "membre fondateur|actif|signe|signee|a jour|"
        "engaged member|member|active|منخرط|منخرطه|ملتزم|ملتزمه|عضو|عضو ملتزم|عضو منخرط"
    ),
    "potential": (
        "potential|potentiel|potentielle|potentiellement interesse|potentiellement interessee|interesse|interessee|"
        "interesses|prospect|en cours|"
        "en cours d adhesion|a confirmer|pressenti|pas encore|potentially interested|interested|prospective|مهتم|مهتمه|"
        "مهتم محتمل|محتمل|محتمله|عضو محتمل|في طور الانخراط"
    ),
    "major_partner": (
        "major_partner|major partner|partenaire majeur|partenaire|partenaires majeurs|grand partenaire|partner|شريك|شريك رييسي|شريك كبير"
    ),
}
_SIZES = {
    "TPE": "tpe|tres petite entreprise|very small company|micro entreprise|مقاوله صغيره جدا",
    "PME": (
        "pme|pmi|pme pmi|petite et moyenne entreprise|petite ou moyenne entreprise|small or medium company|sme|"
        "مقاوله صغري او متوسطه|مقاوله صغيره او متوسطه|مقاوله صغيره ومتوسطه"
    ),
    "ETI": "eti|entreprise de taille intermediaire|mid size company|مقاوله متوسطه الحجم|مقاوله ذات حجم وسيط",
    "GE": "ge|grande entreprise|grand groupe|large company|large|مقاوله كبري|مقاوله كبيره",
}
_YES = frozenset(["oui", "o", "yes", "y", "x", "vrai", "true", "1", "ok", "نعم"])
_NO = frozenset(["non", "n", "no", "faux", "false", "0", "لا"])
TICKS = "✓✔☑✗✘☒"

# Divisions of the NMA (as of the NACE): last division of each section.
_DIVISIONS = (
    (3, "A"), (9, "B"), (33, "C"), (35, "D"), (39, "E"), (43, "F"), (47, "G"), (53, "H"), (56, "I"), (63, "J"),
    (66, "K"), (68, "L"), (75, "M"),
    (82, "N"), (84, "O"), (85, "P"), (88, "Q"), (93, "R"), (96, "S"), (98, "T"), (99, "U"),
)  # fmt: skip


def _lookup(lists):
    return {plain(phrase): code for code, phrases in lists.items() for phrase in phrases.split("|")}


CATEGORIES, ENGAGEMENTS, SIZES = _lookup(_CATEGORIES), _lookup(_ENGAGEMENTS), _lookup(_SIZES)


def read_category(text: str) -> str | None:
    """ "company", "research_training", "other"."""
    return _one_of(CATEGORIES, text)


def read_engagement(text: str) -> str | None:
    """ "engaged", "potential", "major_partner". « non (intéressé) » is potential: a plain « non intéressé » is nobody's."""
    if (answer := read_yes_no(text)) is not None and answer != "":
        return "engaged" if answer == "yes" else "potential"
    words = plain(text)
    first, _space, rest = words.partition(" ")
    if first in _NO and rest:
        separated = re.match(r"\s*\w+\s*[(,;:\-–—/\[]", text)
        return "potential" if separated and _one_of(ENGAGEMENTS, rest) == "potential" else None
    if first in _YES and rest and _one_of(ENGAGEMENTS, rest) in ("engaged", None):
        return "engaged"
    if re.search(r"\b(?:pas|not|غير|ليس)\b", words):
        return ENGAGEMENTS.get(words)
    return _one_of(ENGAGEMENTS, text)


def read_size(text: str) -> str | None:
    return _one_of(SIZES, text)


def read_yes_no(text: str) -> str | None:
    """ "yes" or "no"; a tick or a cross in a box both say yes."""
    if not text.strip():
        return ""
    if text.strip() in TICKS:
        return "yes"
    words = plain(text)
    return "yes" if words in _YES else "no" if words in _NO else None


def read_region(text: str) -> str | None:
    """The code of a region written as « MA-06 », « 6 », its name, part of it (« Rabat »), or one of its provinces."""
    words = plain(text)
    if not words:
        return ""
    number = re.fullmatch(r"(?:ma |ma|region )?0?(\d{1,2})", words)
    if number:
        code = f"MA-{int(number[1]):02d}"
        return code if any(region.code == code for region in reference.REGIONS) else None
    words = re.sub(r"^(?:region(?: de| du| d)?|جهه) ", "", words)
    for region in reference.REGIONS:
        if words in (plain(region.name_fr), plain(region.name_ar), plain(region.name_fr.replace("L'", ""))):
            return region.code
    parts = [r.code for r in reference.REGIONS if holds(plain(r.name_fr), words) or holds(plain(r.name_ar), words)]
    if len(parts) == 1:
        return parts[0]
    found = {row.region for row in reference.PROVINCES if words in (plain(row.name_fr), plain(row.name_ar))}
    return found.pop() if len(found) == 1 else None


def read_section(text: str) -> str | None:
    """The letter of an NMA section, from « C », « C – Industrie… », its name, or a division (« 13 », « 13.20 »)."""
    words = plain(text)
    if not words:
        return ""
    letters = {section.code.casefold(): section.code for section in reference.SECTIONS}
    letter = re.fullmatch(r"(?:section )?([a-u])(?: ?\d{1,4})?", words) or re.match(
        r"\s*(?:section\s+)?([a-u])\s*[-–—:(/]", text.casefold()
    )
    if letter:
        return letters[letter[1]]
    division = re.match(r"(\d{2})(?:\b|\d{2}\b)", words)
    if division:
        number = int(division[1])
        return next((section for last, section in _DIVISIONS if number <= last), None) if number else None
    titles = {s.code: [plain(name) for name in (s.name_fr, s.name_ar, s.name_en)] for s in reference.SECTIONS}
    names = [code for code, known in titles.items() if words in known]
    parts = names or [
        s.code for s in reference.SECTIONS if len(words) > 4 and any(holds(plain(n), words) for n in (s.name_fr, s.name_ar, s.name_en))
    ]
    return parts[0] if len(parts) == 1 else None


def _one_of(lookup, text):
    """The code of a known phrase; else the only code whose phrases appear in the text; else None."""
    words = plain(text)
    if not words:
        return ""
    if words in lookup:
        return lookup[words]
    found = {code for phrase, code in lookup.items() if holds(words, phrase)}
    return found.pop() if len(found) == 1 else None


READERS = {
    "category": read_category,
    "engagement": read_engagement,
    "size": read_size,
    "qualifies": read_yes_no,
    "region": read_region,
    "nma_section": read_section,
}
