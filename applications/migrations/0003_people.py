import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0002_import_draft"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[("mandatary", "Authorised representative"), ("editor", "Editor")],
                        default="editor",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="sent on")),
                ("expires_at", models.DateTimeField(verbose_name="expires on")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted on")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked on")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="applications.application"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ("created_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("application"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        name="invitation_one_pending_per_address",
                        violation_error_message="This address already has a pending invitation to this application.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role", "editor")),
                        name="invitation_for_editors_only",
                        violation_error_message="One can only be invited as an editor: the mandate is handed over, never sent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"), name="invitation_ends_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("accepted_by", None)),
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_accepted_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MandateTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_at", models.DateTimeField(verbose_name="requested on")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted on")),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="declined on")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled on")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mandate_transfers", to="applications.application"
                    ),
                ),
                (
                    "from_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="from"
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="to"
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer of the mandate",
                "verbose_name_plural": "transfers of the mandate",
                "ordering": ("requested_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("cancelled_at", None), ("declined_at", None)),
                        fields=("application",),
                        name="mandate_transfer_one_pending",
                        violation_error_message="A transfer of the mandate is already waiting for an answer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_user", models.F("to_user")), _negated=True), name="mandate_transfer_between_two_people"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("declined_at", None)),
                            models.Q(("accepted_at", None), ("cancelled_at", None)),
                            models.Q(("cancelled_at", None), ("declined_at", None)),
                            _connector="OR",
                        ),
                        name="mandate_transfer_ends_once",
                    ),
                ],
            },
        ),
    ]
