"""One group per role. Codes are written out: a later change of the enumeration must not change this migration."""

from django.db import migrations

CODES = (
    "case_officer",
    "division_head",
    "counter_agent",
    "evaluator",
    "committee_member",
    "committee_chair",
    "administrator",
    "auditor",
)


def create(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for code in CODES:
        Group.objects.get_or_create(name=code)


def remove(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=CODES).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(create, remove)]
