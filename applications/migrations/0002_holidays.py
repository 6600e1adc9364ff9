"""Public holidays of 2026 and the fixed ones of 2027; those that follow the moon stay to be confirmed in the administration."""

from datetime import date

from django.db import migrations

FIXED = {
    (1, 1): ("Nouvel an", "رأس السنة الميلادية", "New Year's Day"),
    (1, 11): ("Manifeste de l'Indépendance", "ذكرى تقديم وثيقة الاستقلال", "Independence Manifesto Day"),
    (1, 14): ("Nouvel an amazigh", "رأس السنة الأمازيغية", "Amazigh New Year"),
    (5, 1): ("Fête du Travail", "عيد الشغل", "Labour Day"),
    (7, 30): ("Fête du Trône", "عيد العرش المجيد", "Throne Day"),
    (8, 14): ("Journée Oued Ed-Dahab", "ذكرى استرجاع إقليم وادي الذهب", "Oued Ed-Dahab Day"),
    (8, 20): ("Révolution du Roi et du Peuple", "ذكرى ثورة الملك والشعب", "Revolution of the King and the People"),
    (8, 21): ("Fête de la Jeunesse", "عيد الشباب المجيد", "Youth Day"),
    (10, 31): ("Fête de l'Unité", "عيد الوحدة", "Unity Day"),
    (11, 6): ("Marche Verte", "ذكرى المسيرة الخضراء", "Green March"),
    (11, 18): ("Fête de l'Indépendance", "عيد الاستقلال المجيد", "Independence Day"),
}
FITR = ("Aïd al-Fitr", "عيد الفطر", "Eid al-Fitr")
ADHA = ("Aïd al-Adha", "عيد الأضحى", "Eid al-Adha")
MOHARRAM = ("1er Moharram", "فاتح محرم", "1 Moharram")
MAWLID = ("Aïd al-Mawlid", "عيد المولد النبوي", "Mawlid")
EXPECTED = {
    date(2026, 3, 20): FITR, date(2026, 3, 21): FITR, date(2026, 5, 27): ADHA, date(2026, 5, 28): ADHA,
    date(2026, 6, 16): MOHARRAM, date(2026, 6, 17): MOHARRAM,
    date(2026, 8, 25): MAWLID, date(2026, 8, 26): MAWLID, date(2026, 8, 27): MAWLID,
}  # fmt: skip


def load(apps, schema_editor):
    holiday = apps.get_model("applications", "Holiday")
    days = {date(year, *day): (names, False) for year in (2026, 2027) for day, names in FIXED.items()}
    days |= {day: (names, True) for day, names in EXPECTED.items()}
    holiday.objects.bulk_create(
        holiday(day=day, label_fr=names[0], label_ar=names[1], label_en=names[2], is_expected=expected)
        for day, (names, expected) in days.items()
    )


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
