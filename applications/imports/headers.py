"""Which column is which field, from French, Arabic or English headers in any order, or from the values below them. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from clusters_portal.lib.tabular import Table

from .values import READERS
from .words import holds, plain

SURE, LIKELY, GUESSED = 100, 75, 50
SEARCHED_ROWS = 30

# Written as people write them; `plain` makes the comparison. The first words of a line say the field best.
_SYNONYMS = {
    "name_fr": (
        "dénomination|raison sociale|nom|nom du membre|nom de l'organisme|nom de l'entreprise|nom de la société|"
        "nom et raison sociale|membre|"
        "organisme|société|nom de l'adhérent|dénomination sociale|dénomination en français|nom en français|désignation|"
        "name|company name|member|member name|company|organisation|organization|legal name|"
        "الاسم|اسم العضو|التسمية|اسم المقاولة|اسم الشركة|اسم المؤسسة|الاسم بالفرنسية|العضو|الشركة|اسم الهيئة"
    ),
    "name_ar": (
        "nom en arabe|dénomination en arabe|dénomination arabe|nom arabe|raison sociale en arabe|name in arabic|arabic name|"
        "الاسم بالعربية|التسمية بالعربية|الاسم باللغة العربية"
    ),
    "category": (
        "catégorie|type|nature|type de membre|catégorie de membre|collège|nature de l'organisme|type d'organisme|category|"
        "member type|kind|الفئة|الصنف|النوع|صنف العضو|فئة العضو"
    ),
    "engagement": (
        "engagement|statut|statut d'adhésion|adhérent|adhésion|état|statut du membre|situation|engagé|membre engagé|niveau d'engagement|"
        "commitment|status|membership status|engaged|الالتزام|الانخراط|منخرط|وضعية الانخراط|حالة العضوية|الوضعية|درجة الالتزام"
    ),
    "ice": (
        "ice|n ice|numéro ice|identifiant commun de l'entreprise|identifiant commun|ice number|التعريف الموحد للمقاولة|"
        "المعرف الموحد للمقاولة|التعريف الموحد|رقم التعريف الموحد"
    ),
    "trade_register": (
        "rc|registre de commerce|registre du commerce|n rc|numéro rc|rc et tribunal|trade register|السجل التجاري|"
        "رقم السجل التجاري"
    ),
    "region": "région|code région|région d'implantation|localisation|region code|région administrative|الجهة|رمز الجهة|اسم الجهة",
    "nma_section": (
        "section nma|nma|secteur|secteur d'activité|branche|activité|branche d'activité|code nma|domaine d'activité|sector|"
        "activity|industry|القطاع|النشاط|قطاع النشاط|فرع النشاط"
    ),
    "qualifies": (
        "entreprise industrielle technologique ou spécifique|industrielle technologique ou spécifique|qualifiante|entreprise qualifiante|"
        "compte pour les 60|industriel|industrielle|industrial technological or specific company|qualifies|qualifying|"
        "صناعية أو تكنولوجية أو خاصة|صناعية"
    ),
    "size": "taille|taille de l'entreprise|catégorie de taille|size|company size|الحجم|حجم المقاولة",
    "joined_on": (
        "membre depuis|date d'adhésion|adhérent depuis|date d'entrée|année d'adhésion|member since|joined on|date joined|"
        "تاريخ الانخراط|منخرط منذ|عضو منذ"
    ),
    "representative": (
        "représentant|représenté par|nom du représentant|représentant légal|contact|responsable|dirigeant|interlocuteur|"
        "representative|represented by|الممثل|ممثل العضو|ممثلة من طرف|الممثل القانوني"
    ),
    "role": "rôle|rôle dans le cluster|fonction dans le cluster|mission|apport|role in the cluster|الدور|الدور داخل القطب",
    "fee": (
        "cotisation|cotisation annuelle|montant de la cotisation|cotisation dh|cotisation annuelle dh|cotisation mad|montant|"
        "droits d'adhésion|"
        "fee|yearly fee|membership fee|annual fee|الاشتراك|واجب الاشتراك|واجب الانخراط|المساهمة السنوية|مبلغ الاشتراك|الاشتراك السنوي"
    ),
}  # fmt: skip
SYNONYMS = {field: tuple(plain(phrase) for phrase in phrases.split("|")) for field, phrases in _SYNONYMS.items()}
FIELDS = tuple(SYNONYMS)
ALIKE = 0.86  # share of letters in common
_ICE = re.compile(r"\D{0,5}\d(?:[ .\-]?\d){12,14}(?:\.0)?")


@dataclass(frozen=True)
class Guess:
    """What one column seems to be: `field` is "" when nothing fits; `confidence` 0..100."""

    field: str = ""
    confidence: int = 0

    @property
    def is_sure(self) -> bool:
        return self.confidence >= LIKELY


def header_score(text: str, field: str) -> int:
    """How well one header names one field, 0..100."""
    header = plain(text)
    if not header or len(header) > 120:
        return 0
    best = 0
    for phrase in SYNONYMS[field]:
        if header == phrase:
            return SURE
        if holds(header, phrase):
            # « Nom de l'organisme / RAISON SOCIALE »: the more of the header a phrase explains, the surer.
            best = max(best, 55 + 40 * len(phrase) // len(header))
        elif len(phrase) >= 5 and _resembles(header, phrase):
            best = max(best, LIKELY)
    return best


def _resembles(header: str, phrase: str) -> bool:
    """Whether one is the other but for a slip. Most pairs are told apart by their lengths or letters, long before the costly count."""
    if 2 * min(len(header), len(phrase)) <= ALIKE * (len(header) + len(phrase)):
        return False
    matcher = SequenceMatcher(None, header, phrase)
    return matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE


def guess_columns(headers: list, samples: list) -> list[Guess]:
    """One Guess per column; a field is given to one column only. `samples[column]` lists some values below it."""
    scored = []
    for column, header in enumerate(headers):
        for field in FIELDS:
            score = max(header_score(header, field), value_score(samples[column], field) if column < len(samples) else 0)
            if score:
                scored.append((-score, FIELDS.index(field), column, field))
    found, taken = {}, set()
    for negative, _order, column, field in sorted(scored):
        if column not in found and field not in taken:
            found[column] = Guess(field, -negative)
            taken.add(field)
    if "name_fr" not in taken:
        found |= _name_by_elimination(headers, samples, found)
    return [found.get(column, Guess()) for column in range(len(headers))]


def value_score(values: list, field: str) -> int:
    """How far the values of a column look like those of a field; names and free text look like nothing."""
    filled = [value for value in values if value]
    if not filled:
        return 0
    if field == "ice":
        return GUESSED if all(_ICE.fullmatch(value) for value in filled) else 0
    # Yes and no answer many questions: they never tell which.
    if field in ("category", "engagement", "region", "size") and all(
        len(plain(value)) > 3 or field in ("region", "size") for value in filled
    ):
        return GUESSED if all(READERS[field](value) for value in filled) else 0
    return 0


def _name_by_elimination(headers, samples, found):
    """The first free column of distinct texts, when no header names the members."""
    for column in range(len(headers)):
        values = [value for value in (samples[column] if column < len(samples) else []) if value]
        words = [value for value in values if re.search(r"[^\W\d_]{3}", value)]
        if column not in found and values and len(words) == len(values) == len(set(values)):
            return {column: Guess("name_fr", GUESSED)}
    return {}


def find_header(table: Table) -> int | None:
    """Index of the row that names the columns, under any title rows; None when the table starts with its values."""
    best, best_score = None, 0
    for index, row in enumerate(table.rows[:SEARCHED_ROWS]):
        named = [score for cell in row if (score := max(header_score(cell, field) for field in FIELDS)) >= LIKELY]
        # A title such as « Liste des membres » names one thing; two names make a header, or one that is the member's.
        score = sum(named) if len(named) >= 2 or (len(named) == 1 and table.width == 1) else 0
        if score > best_score:
            best, best_score = index, score
    return best


def best_table(tables: list[Table]) -> Table:
    """The sheet whose header names the most fields; the first one when none does."""

    def named(table):
        index = find_header(table)
        return 0 if index is None else sum(guess.is_sure for guess in guess_columns(table.rows[index], []))

    return max(tables, key=named)
