import json

from django.db import migrations

from applications.search import words_of
from applications.services.search_index import doubts_in


def index(apps, schema_editor):
    """Entries for the deposits made before there was a list of words: the last of each application counts."""
    Deposit = apps.get_model("applications", "Deposit")
    ListEntry = apps.get_model("applications", "ListEntry")
    Requirement = apps.get_model("applications", "DocumentRequirement")
    last = {}
    for pk, application in Deposit.objects.order_by("application_id", "sequence").values_list("pk", "application_id"):
        last[application] = pk
    for pk in last.values():
        deposit = Deposit.objects.select_related("application").get(pk=pk)
        content = json.loads(deposit.snapshot)
        required = Requirement.objects.filter(call=deposit.application.call_id, required=True).values_list("code", flat=True)
        ListEntry.objects.create(
            application_id=deposit.application_id, deposit_id=pk, words=words_of(content), doubts=doubts_in(content, required)
        )


class Migration(migrations.Migration):
    dependencies = [("applications", "0010_desk")]

    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
