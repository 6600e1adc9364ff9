"""Places and sectors of Morocco, as the State lists them. Data, not words of the interface: names are in fr and ar.

12 regions and their 75 prefectures and provinces: décret n° 2-15-40 of 20 February 2015. International lists put
Nouaceur under MA-04 and Chtouka-Aït Baha under MA-06, which is wrong; codes are ISO 3166-2, attachments the decree's.
21 sections of activity: Nomenclature marocaine des activités 2010, décret n° 2-12-481.
"""

from typing import NamedTuple

from django.utils.functional import lazy

from clusters_portal.lib.bilingual import localized


class Region(NamedTuple):
    """A region: ISO code, names, French name of its seat."""

    code: str
    name_fr: str
    name_ar: str
    seat_fr: str


class Province(NamedTuple):
    """A prefecture (`prefecture` True) or a province, with the code of its region."""

    code: str
    name_fr: str
    name_ar: str
    region: str
    prefecture: bool


class Section(NamedTuple):
    """A section of the NMA. `qualifies`: its companies are proposed as industrial, technological or specific."""

    code: str
    name_fr: str
    name_ar: str
    name_en: str
    qualifies: bool


REGIONS = (
    Region("MA-01", "Tanger-Tétouan-Al Hoceïma", "طنجة - تطوان - الحسيمة", "Tanger"),
    Region("MA-02", "L'Oriental", "الشرق", "Oujda"),
    Region("MA-03", "Fès-Meknès", "فاس - مكناس", "Fès"),
    Region("MA-04", "Rabat-Salé-Kénitra", "الرباط - سلا - القنيطرة", "Rabat"),
    Region("MA-05", "Béni Mellal-Khénifra", "بني ملال - خنيفرة", "Béni Mellal"),
    Region("MA-06", "Casablanca-Settat", "الدار البيضاء - سطات", "Casablanca"),
    Region("MA-07", "Marrakech-Safi", "مراكش - آسفي", "Marrakech"),
    Region("MA-08", "Drâa-Tafilalet", "درعة - تافيلالت", "Errachidia"),
    Region("MA-09", "Souss-Massa", "سوس - ماسة", "Agadir"),
    Region("MA-10", "Guelmim-Oued Noun", "كلميم - واد نون", "Guelmim"),
    Region("MA-11", "Laâyoune-Sakia El Hamra", "العيون - الساقية الحمراء", "Laâyoune"),
    Region("MA-12", "Dakhla-Oued Ed-Dahab", "الداخلة - وادي الذهب", "Dakhla"),
)

# code, French name, Arabic name; a star marks a prefecture.
_PROVINCES = {
    "MA-01": """
        TNG*|Tanger-Assilah|طنجة - أصيلة
        MDF*|M'diq-Fnideq|المضيق - الفنيدق
        HOC|Al Hoceïma|الحسيمة
        CHE|Chefchaouen|شفشاون
        FAH|Fahs-Anjra|الفحص - أنجرة
        LAR|Larache|العرائش
        OUZ|Ouezzane|وزان
        TET|Tétouan|تطوان
    """,
    "MA-02": """
        OUJ*|Oujda-Angad|وجدة - أنكاد
        BER|Berkane|بركان
        DRI|Driouch|الدريوش
        FIG|Figuig|فجيج
        GUF|Guercif|جرسيف
        JRA|Jerada|جرادة
        NAD|Nador|الناظور
        TAI|Taourirt|تاوريرت
    """,
    "MA-03": """
        FES*|Fès|فاس
        MEK*|Meknès|مكناس
        BOM|Boulemane|بولمان
        HAJ|El Hajeb|الحاجب
        IFR|Ifrane|إفران
        MOU|Moulay Yacoub|مولاي يعقوب
        SEF|Sefrou|صفرو
        TAO|Taounate|تاونات
        TAZ|Taza|تازة
    """,
    "MA-04": """
        RAB*|Rabat|الرباط
        SAL*|Salé|سلا
        SKH*|Skhirate-Témara|الصخيرات - تمارة
        KEN|Kénitra|القنيطرة
        KHE|Khémisset|الخميسات
        SIK|Sidi Kacem|سيدي قاسم
        SIL|Sidi Slimane|سيدي سليمان
    """,
    "MA-05": """
        AZI|Azilal|أزيلال
        BEM|Béni Mellal|بني ملال
        FQH|Fquih Ben Salah|الفقيه بن صالح
        KHN|Khénifra|خنيفرة
        KHO|Khouribga|خريبكة
    """,
    "MA-06": """
        CAS*|Casablanca|الدار البيضاء
        MOH*|Mohammadia|المحمدية
        BES|Benslimane|بنسليمان
        BRR|Berrechid|برشيد
        JDI|El Jadida|الجديدة
        MED|Médiouna|مديونة
        NOU|Nouaceur|النواصر
        SET|Settat|سطات
        SIB|Sidi Bennour|سيدي بنور
    """,
    "MA-07": """
        MAR*|Marrakech|مراكش
        HAO|Al Haouz|الحوز
        CHI|Chichaoua|شيشاوة
        KES|El Kelâa des Sraghna|قلعة السراغنة
        ESI|Essaouira|الصويرة
        REH|Rehamna|الرحامنة
        SAF|Safi|آسفي
        YUS|Youssoufia|اليوسفية
    """,
    "MA-08": """
        ERR|Errachidia|الرشيدية
        MID|Midelt|ميدلت
        OUA|Ouarzazate|ورزازات
        TIN|Tinghir|تنغير
        ZAG|Zagora|زاكورة
    """,
    "MA-09": """
        AGD*|Agadir-Ida-Ou-Tanane|أكادير - إداوتنان
        INE*|Inezgane-Aït Melloul|إنزكان - أيت ملول
        CHT|Chtouka-Aït Baha|اشتوكة - أيت باها
        TAR|Taroudannt|تارودانت
        TAT|Tata|طاطا
        TIZ|Tiznit|تيزنيت
    """,
    "MA-10": """
        ASZ|Assa-Zag|أسا - الزاك
        GUE|Guelmim|كلميم
        SIF|Sidi Ifni|سيدي إفني
        TNT|Tan-Tan|طانطان
    """,
    "MA-11": """
        BOD|Boujdour|بوجدور
        ESM|Es-Semara|السمارة
        LAA|Laâyoune|العيون
        TAF|Tarfaya|طرفاية
    """,
    "MA-12": """
        AOU|Aousserd|أوسرد
        OUD|Oued Ed-Dahab|وادي الذهب
    """,
}


def _provinces():
    for region, rows in _PROVINCES.items():
        for row in filter(None, map(str.strip, rows.splitlines())):
            code, name_fr, name_ar = row.split("|")
            yield Province(code.rstrip("*"), name_fr, name_ar, region, code.endswith("*"))


PROVINCES = tuple(_provinces())

# code, French, Arabic and English names; a star marks a section whose companies are proposed as qualifying.
_SECTIONS = """
    A|Agriculture, sylviculture et pêche|الفلاحة والغابات والصيد البحري|Agriculture, forestry and fishing
    B*|Industries extractives|الصناعات الاستخراجية|Mining and quarrying
    C*|Industrie manufacturière|الصناعة التحويلية|Manufacturing
    D*|Production et distribution d'électricité et de gaz|إنتاج وتوزيع الكهرباء والغاز|Electricity and gas supply
    E*|Eau, assainissement, gestion des déchets et dépollution|الماء والتطهير وتدبير النفايات وإزالة التلوث|Water, sewerage and waste
    F*|Construction|البناء والأشغال العمومية|Construction
    G|Commerce ; réparation d'automobiles et de motocycles|التجارة وإصلاح السيارات والدراجات النارية|Trade and vehicle repair
    H|Transports et entreposage|النقل والتخزين|Transport and storage
    I|Hébergement et restauration|الإيواء والمطاعم|Accommodation and food service
    J*|Information et communication|الإعلام والاتصال|Information and communication
    K|Activités financières et d'assurance|الأنشطة المالية والتأمين|Financial and insurance activities
    L|Activités immobilières|الأنشطة العقارية|Real estate activities
    M|Activités spécialisées, scientifiques et techniques|الأنشطة المتخصصة والعلمية والتقنية|Professional and technical activities
    N|Activités de services administratifs et de soutien|أنشطة الخدمات الإدارية وخدمات الدعم|Administrative and support services
    O|Administration publique|الإدارة العمومية|Public administration
    P|Enseignement|التعليم|Education
    Q|Santé humaine et action sociale|الصحة والعمل الاجتماعي|Human health and social work
    R|Arts, spectacles et activités récréatives|الفنون والعروض والأنشطة الترفيهية|Arts, entertainment and recreation
    S|Autres activités de services|أنشطة خدماتية أخرى|Other service activities
    T|Activités des ménages en tant qu'employeurs|أنشطة الأسر بصفتها مشغلة|Activities of households as employers
    U|Activités extra-territoriales|الأنشطة خارج الحدود الترابية|Activities of extraterritorial organisations
"""


def _sections():
    for row in filter(None, map(str.strip, _SECTIONS.splitlines())):
        code, name_fr, name_ar, name_en = row.split("|")
        yield Section(code.rstrip("*"), name_fr, name_ar, name_en, code.endswith("*"))


SECTIONS = tuple(_sections())
# Research and development is the one division of section M whose companies are proposed as technological.
QUALIFYING_DIVISIONS = ("72",)

_BY_CODE = {
    "region": {region.code: region for region in REGIONS},
    "province": {province.code: province for province in PROVINCES},
    "section": {section.code: section for section in SECTIONS},
}


def region_name(code):
    """The region's name in the active language; "" for an unknown or empty code."""
    return _name("region", code)


def province_name(code):
    """The name of a prefecture or province in the active language; "" for an unknown or empty code."""
    return _name("province", code)


def section_name(code):
    """The name of an NMA section in the active language; "" for an unknown or empty code."""
    return _name("section", code)


def region_choices():
    """(code, name) of the 12 regions; the names follow the active language when they are shown."""
    return [(region.code, _lazy_name("region", region.code)) for region in REGIONS]


def province_choices(region=None):
    """(code, name) of the prefectures and provinces, of one region or of all, prefectures first within a region."""
    return [(row.code, _lazy_name("province", row.code)) for row in PROVINCES if region in (None, row.region)]


def grouped_province_choices():
    """The 75 prefectures and provinces grouped under their region, as Django writes optgroups."""
    return [(_lazy_name("region", region.code), province_choices(region.code)) for region in REGIONS]


def nma_section_choices():
    """(code, « C – Industrie manufacturière ») of the 21 NMA sections."""
    return [(section.code, _lazy_section(section.code)) for section in SECTIONS]


def region_of(province):
    """The region's code of a prefecture or province, "" when unknown."""
    row = _BY_CODE["province"].get(province)
    return row.region if row else ""


def qualifies_by_default(section, division=""):
    """Whether a company of this activity is proposed as industrial, technological or specific; the officer confirms."""
    row = _BY_CODE["section"].get(section)
    return bool(row and row.qualifies) or (section == "M" and division[:2] in QUALIFYING_DIVISIONS)


def _name(kind, code):
    row = _BY_CODE[kind].get(code)
    return localized(row, "name") if row else ""


def _section_label(code):
    return f"{code} – {_name('section', code)}"


_lazy_name = lazy(_name, str)
_lazy_section = lazy(_section_label, str)
