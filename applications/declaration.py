"""The sworn declaration of the association's president (annex of the cahier des charges), said once per version.

The deposit page, the printed model and the frozen snapshot all read it here. The French text is the annex, letter for
letter; Arabic and English are translations and say so. A call names its version in `Call.declaration_version`; a
version already signed by someone is never edited: a new text is a new version.
"""

from dataclasses import asdict, dataclass

from clusters_portal.lib.canonical import canonical_json

CURRENT = "2026"
# Answers that make two declarations the same one.
SIGNED = (
    "version", "civility", "first_name", "last_name", "quality_organisation", "quality_association", "association", "legal_form",
    "other_documents", "place",
)  # fmt: skip
LANGUAGES = ("fr", "ar", "en")
# Boxes to tick in the annex, in its order.
DECLARATION, ADMINISTRATIVE, TECHNICAL, OTHER = PIECES = ("declaration", "administrative", "technical", "other")
CIVILITIES = ("mr", "mrs")
PRINTED_LINES = 4  # numbered lines the annex leaves for other documents


class UnknownWording(LookupError):
    """No declaration of this version in this language."""


@dataclass(frozen=True)
class Wording:
    """The sentences of one version in one language, in the order of the annex.

    `done_at` has the placeholders {place} and {date}; `civilities` and `pieces` follow CIVILITIES and PIECES.
    `note` is empty in the authoritative language.
    """

    version: str
    language: str
    model_title: str
    title: str
    call: tuple
    undersigned: str
    civilities: tuple
    person_hint: str
    on_behalf: str
    association_hint: str
    legal_form: str
    legal_form_hint: str
    wishes: str
    accepts: str
    sends: str
    pieces: tuple
    exact: str
    done_at: str
    signature: str
    confidentiality: str
    note: str = ""

    def civility(self, code):
        """« M. » or « Mme »; "" for a code that is not one of CIVILITIES."""
        return dict(zip(CIVILITIES, self.civilities, strict=True)).get(code, "")

    def done(self, *, place, date):
        return self.done_at.format(place=place, date=date)

    def as_data(self):
        """Plain values for the snapshot, so that the signed text can be read without this file."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def wording(version=CURRENT, language="fr"):
    """The declaration's sentences. Raises UnknownWording."""
    try:
        return _WORDINGS[version, language]
    except KeyError:
        raise UnknownWording(f"no declaration « {version} » in « {language} »") from None


def full_name(declaration, words):
    """« Mme Salma Bennis » from the stored declaration; "" while nobody is named."""
    parts = (words.civility(declaration.get("civility", "")), declaration.get("first_name", ""), declaration.get("last_name", ""))
    return " ".join(part for part in parts if part) if any(parts[1:]) else ""


_WORDINGS = {
    (words.version, words.language): words
    for words in (
        Wording(
            version="2026",
            language="fr",
            model_title="MODELE DE LA DECLARATION SUR L'HONNEUR",
            title="DECLARATION SUR L'HONNEUR",
            call=("Appel à projets", "Clusters opérant dans les secteurs industriels et technologiques"),
            undersigned="Je soussigné(e)",
            civilities=("M.", "Mme"),
            person_hint="Indiquez votre prénom, nom et qualité au sein de votre organisme d'appartenance et au sein de l'association",
            on_behalf="Agissant au nom et pour le compte de",
            association_hint="Indiquez la dénomination de l'association",
            legal_form="Ayant la forme juridique",
            legal_form_hint="Indiquez la forme juridique",
            wishes="Souhaite participer à l'appel à projets lancé pour la sélection de projets de clusters ;",
            accepts="Atteste avoir lu et accepté le cahier des charges de l'appel à projets ;",
            sends="Envoie les documents, ci-après (Prière de cocher et, s'il y a lieu, compléter.) :",
            pieces=(
                "DECLARATION SUR L'HONNEUR PORTANT SIGNATURE ET CACHET DU PRESIDENT DE L'ASSOCIATION",
                "DOSSIER ADMINISTRATIF",
                "DOSSIER TECHNIQUE SELON LE CAHIER DES CHARGES",
                "AUTRES DOCUMENTS FOURNIS POUR APPUYER LA CANDIDATURE, A ENUMERER :",
            ),
            exact="Et déclare sur l'honneur que les informations contenues dans le dossier de candidature, ci-joint, sont exactes.",
            done_at="Fait à {place} Le, {date}",
            signature="Signature et cachet",
            confidentiality=(
                "Les informations et documents fournis par les porteurs de projets de clusters sont traités de manière confidentielle."
            ),
        ),
        Wording(
            version="2026",
            language="ar",
            model_title="نموذج التصريح بالشرف",
            title="تصريح بالشرف",
            call=("طلب اقتراح مشاريع", "أقطاب التنافسية والابتكار العاملة في القطاعات الصناعية والتكنولوجية"),
            undersigned="أنا الموقع(ة) أسفله",
            civilities=("السيد", "السيدة"),
            person_hint="يرجى بيان الاسم الشخصي والاسم العائلي والصفة داخل الهيئة التي تنتمون إليها وداخل الجمعية",
            on_behalf="أتصرف باسم ولحساب",
            association_hint="يرجى بيان تسمية الجمعية",
            legal_form="ذات الشكل القانوني",
            legal_form_hint="يرجى بيان الشكل القانوني",
            wishes="أرغب في المشاركة في طلب اقتراح المشاريع المعلن عنه من أجل انتقاء مشاريع أقطاب التنافسية والابتكار؛",
            accepts="أشهد أنني قرأت دفتر التحملات الخاص بطلب اقتراح المشاريع وقبلت ما جاء فيه؛",
            sends="أبعث الوثائق المبينة أدناه (يرجى وضع علامة في الخانات المعنية وإتمام البيانات عند الاقتضاء):",
            pieces=(
                "تصريح بالشرف يحمل توقيع رئيس الجمعية وخاتمه",
                "الملف الإداري",
                "الملف التقني وفق دفتر التحملات",
                "وثائق أخرى مدلى بها لدعم الترشيح، يرجى تعدادها:",
            ),
            exact="وأصرح بشرفي أن المعلومات الواردة في ملف الترشيح المرفق صحيحة.",
            done_at="حرر في {place} بتاريخ {date}",
            signature="التوقيع والخاتم",
            confidentiality="تعامل المعلومات والوثائق التي يدلي بها حاملو مشاريع أقطاب التنافسية والابتكار بسرية.",
            note="ترجمة للنموذج الملحق بدفتر التحملات؛ والمرجع هو النص الفرنسي.",
        ),
        Wording(
            version="2026",
            language="en",
            model_title="MODEL OF THE SWORN DECLARATION",
            title="SWORN DECLARATION",
            call=("Call for projects", "Clusters operating in the industrial and technological sectors"),
            undersigned="I, the undersigned",
            civilities=("Mr", "Ms"),
            person_hint="State your first name, last name and position within the organisation you belong to and within the association",
            on_behalf="Acting in the name and on behalf of",
            association_hint="State the name of the association",
            legal_form="Having the legal form",
            legal_form_hint="State the legal form",
            wishes="Wish to take part in the call for projects launched for the selection of cluster projects;",
            accepts="Certify that I have read and accepted the specifications of the call for projects;",
            sends="Send the following documents (please tick and, where applicable, complete):",
            pieces=(
                "SWORN DECLARATION BEARING THE SIGNATURE AND STAMP OF THE PRESIDENT OF THE ASSOCIATION",
                "ADMINISTRATIVE FILE",
                "TECHNICAL FILE ACCORDING TO THE SPECIFICATIONS",
                "OTHER DOCUMENTS PROVIDED IN SUPPORT OF THE APPLICATION, TO BE LISTED:",
            ),
            exact="And declare on my honour that the information in the attached application is accurate.",
            done_at="Done at {place} on {date}",
            signature="Signature and stamp",
            confidentiality="The information and documents provided by the promoters of cluster projects are treated as confidential.",
            note="Translation of the model annexed to the specifications; the French text is the authority.",
        ),
    )
}


def signed_in(answers: dict) -> str:
    """What the signatory declared, as one comparable text: not the day, nor the language of the sentences."""
    return canonical_json({name: answers.get(name) for name in SIGNED})
