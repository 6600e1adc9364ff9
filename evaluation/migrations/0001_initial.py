import uuid
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import applications.reference
import clusters_portal.lib.code_list
import evaluation.models.attachments
import evaluation.models.grids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("applications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssignmentRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignment_runs",
                        to="applications.call",
                        verbose_name="call",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="run")),
                ("seed", models.PositiveIntegerField(verbose_name="seed")),
                ("parameters", models.TextField(verbose_name="parameters")),
                ("inputs", models.TextField(verbose_name="inputs")),
                ("inputs_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the inputs")),
                ("result", models.TextField(verbose_name="result")),
                ("cost", models.CharField(blank=True, help_text="Empty without a proposal.", max_length=40, verbose_name="cost")),
                ("solver", models.CharField(max_length=80, verbose_name="solver")),
                ("code_version", models.CharField(max_length=64, verbose_name="version of the rules")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("created_at", models.DateTimeField(verbose_name="run on")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="run by"
                    ),
                ),
            ],
            options={
                "verbose_name": "automatic assignment run",
                "verbose_name_plural": "automatic assignment runs",
                "ordering": ("call", "-number"),
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="assignment_run_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sha256", ""), _negated=True),
                            models.Q(("inputs_sha256", ""), _negated=True),
                            models.Q(("inputs", ""), _negated=True),
                            models.Q(("parameters", ""), _negated=True),
                            models.Q(("result", ""), _negated=True),
                        ),
                        name="assignment_run_is_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("file", models.FileField(max_length=200, upload_to=evaluation.models.attachments.storage_name, verbose_name="file")),
                ("original_name", models.CharField(max_length=200, verbose_name="file name")),
                ("size", models.PositiveBigIntegerField(verbose_name="size (bytes)")),
                ("content_type", models.CharField(max_length=60, verbose_name="type")),
                ("pages", models.PositiveIntegerField(verbose_name="pages")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "scan",
                    models.CharField(
                        choices=[("not_scanned", "Not scanned"), ("pending", "Scan pending"), ("clean", "Clean"), ("infected", "Infected")],
                        default="not_scanned",
                        max_length=12,
                        verbose_name="virus scan",
                    ),
                ),
                ("scanned_at", models.DateTimeField(blank=True, null=True, verbose_name="scanned on")),
                ("scan_note", models.CharField(blank=True, max_length=200, verbose_name="scan result")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded on")),
            ],
            options={
                "verbose_name": "attached file",
                "verbose_name_plural": "attached files",
                "ordering": ("-uploaded_at",),
                "constraints": [models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="attachment_not_empty")],
            },
        ),
        migrations.CreateModel(
            name="CommitteeSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="committee_sessions",
                        to="applications.call",
                        verbose_name="call for projects",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("prepared", "In preparation"),
                            ("convened", "Convened"),
                            ("open", "In session"),
                            ("closed", "Session closed"),
                            ("signed", "Minutes signed"),
                            ("cancelled", "Session cancelled"),
                        ],
                        db_index=True,
                        default="prepared",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("scheduled_at", models.DateTimeField(verbose_name="date and time")),
                ("place", models.CharField(max_length=250, verbose_name="place")),
                ("notice", models.TextField(blank=True, verbose_name="text of the convocation")),
                ("created_at", models.DateTimeField(verbose_name="created on")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("convened_at", models.DateTimeField(blank=True, null=True, verbose_name="convened on")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="opened at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("quorum_needed", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="members needed for the quorum")),
                ("cancellation_reason", models.TextField(blank=True, verbose_name="reason for cancelling")),
            ],
            options={
                "verbose_name": "committee session",
                "verbose_name_plural": "committee sessions",
                "ordering": ("call", "-number"),
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="session_number_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("call",),
                        name="session_one_open_per_call",
                        violation_error_message="Another session of this call is open.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("open", "closed", "signed")), _negated=True),
                            models.Q(("opened_at__isnull", False), ("quorum_needed__gte", 1)),
                            _connector="OR",
                        ),
                        name="session_opened_has_date_and_quorum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("closed", "signed")), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="session_closed_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "cancelled"), _negated=True),
                            models.Q(("cancellation_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="session_cancelled_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConflictDeclaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflict_declarations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflict_declarations",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "interest",
                    models.CharField(
                        choices=[
                            ("none", "No conflict of interest"),
                            ("potential", "Possible conflict of interest"),
                            ("disqualifying", "Conflict of interest: I step down"),
                        ],
                        max_length=15,
                        verbose_name="declaration",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("employment", "Employment or office held, now or recently"),
                            ("financial", "Financial interest or paid service"),
                            ("family", "Family or close relation"),
                            ("competitor", "Competing project or organisation"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="kind of interest",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="explanation")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("declared", "Declared"),
                            ("clear", "No conflict"),
                            ("pending", "Waiting for a ruling"),
                            ("lifted", "Lifted"),
                            ("confirmed", "Recused"),
                        ],
                        default="declared",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "Declared by the evaluator"),
                            ("applicant", "Objection of the applicant"),
                            ("detected", "Found by DPTC"),
                        ],
                        default="self",
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("declared_at", models.DateTimeField(verbose_name="declared on")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "ruled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ruled by",
                    ),
                ),
                ("ruled_at", models.DateTimeField(blank=True, null=True, verbose_name="ruled on")),
                ("ruling_reason", models.TextField(blank=True, verbose_name="reason of the ruling")),
            ],
            options={
                "verbose_name": "conflict-of-interest declaration",
                "verbose_name_plural": "conflict-of-interest declarations",
                "ordering": ("-declared_at",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evaluator", "application", "source"), name="conflict_one_per_person_application_and_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recorded_by__isnull", True), ("source", "self")),
                            models.Q(models.Q(("source", "self"), _negated=True), ("recorded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="conflict_of_another_source_has_its_recorder",
                        violation_error_message="An interest that the evaluator did not declare names who recorded it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("interest", "none"),
                            models.Q(models.Q(("kind", ""), _negated=True), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="conflict_interest_is_explained",
                        violation_error_message="An interest is declared with its kind and an explanation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("status", "clear"), _negated=True), ("interest", "none"), _connector="OR"),
                        name="conflict_clear_only_without_interest",
                        violation_error_message="Only a declaration without interest is clear.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "lifted"), _negated=True),
                            models.Q(
                                ("ruled_at__isnull", False), ("ruled_by__isnull", False), models.Q(("ruling_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="conflict_lifted_has_author_date_and_reason",
                        violation_error_message="Lifting a conflict needs an author, a date and a reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvaluatorProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluator_profile",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="evaluator",
                    ),
                ),
                (
                    "expertise",
                    clusters_portal.lib.code_list.CodeListField(
                        blank=True,
                        choices_provider=applications.reference.nma_section_choices,
                        default=tuple,
                        help_text="Sectors this person knows well.",
                        max_length=400,
                        verbose_name="expertise",
                    ),
                ),
                (
                    "min_load",
                    models.PositiveSmallIntegerField(default=0, help_text="Per call.", verbose_name="least number of applications"),
                ),
                (
                    "max_load",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Per call. Empty: no limit.", null=True, verbose_name="greatest number of applications"
                    ),
                ),
                ("confidentiality_signed_on", models.DateField(blank=True, null=True, verbose_name="confidentiality commitment signed on")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed on")),
            ],
            options={
                "verbose_name": "evaluator profile",
                "verbose_name_plural": "evaluator profiles",
                "ordering": ("user__last_name", "user__first_name", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("max_load__isnull", True), ("max_load__gte", models.F("min_load")), _connector="OR"),
                        name="evaluator_loads_in_order",
                        violation_error_message="The greatest number of applications is not below the least.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grids", to="applications.call", verbose_name="call"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                (
                    "tie_ladder",
                    models.JSONField(
                        blank=True,
                        default=evaluation.models.grids.default_ladder,
                        validators=[evaluation.models.grids.validate_ladder],
                        verbose_name="tie ladder",
                    ),
                ),
                (
                    "threshold_technical",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="threshold of the technical block (weighted points)",
                    ),
                ),
                (
                    "threshold_qualitative",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="threshold of the qualitative block (weighted points)",
                    ),
                ),
                (
                    "threshold_total",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="threshold of the total (points out of 100)",
                    ),
                ),
                ("adopted_on", models.DateField(blank=True, null=True, verbose_name="adopted on")),
                ("adoption_reference", models.CharField(blank=True, max_length=120, verbose_name="reference of the minutes")),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64, verbose_name="SHA-256 of the adopted grid")),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.grid",
                        verbose_name="copied from",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True, help_text="May change while the grid is locked.", null=True, verbose_name="evaluations expected by"
                    ),
                ),
                ("locked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="locked since")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created on")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "scoring grid",
                "verbose_name_plural": "scoring grids",
                "ordering": ("call", "-version"),
                "constraints": [
                    models.UniqueConstraint(fields=("call", "version"), name="grid_version_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("adopted_on__isnull", True), ("adoption_reference", "")),
                            models.Q(("adopted_on__isnull", False), models.Q(("adoption_reference", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="grid_adoption_has_reference",
                        violation_error_message="An adopted grid has a date and the reference of the minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("locked_at__isnull", True), ("adopted_on__isnull", False), _connector="OR"),
                        name="grid_locked_only_when_adopted",
                        violation_error_message="Only an adopted grid can be used for scoring.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("threshold_technical__isnull", True),
                                models.Q(("threshold_technical__gte", 0), ("threshold_technical__lte", 100)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("threshold_qualitative__isnull", True),
                                models.Q(("threshold_qualitative__gte", 0), ("threshold_qualitative__lte", 100)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("threshold_total__isnull", True),
                                models.Q(("threshold_total__gte", 0), ("threshold_total__lte", 100)),
                                _connector="OR",
                            ),
                        ),
                        name="grid_thresholds_between_0_and_100",
                        violation_error_message="A threshold lies between 0 and 100.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalJudgingTerms",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "conflict_scope",
                    models.CharField(
                        choices=[("application", "The application concerned"), ("call", "Every vote of the call")],
                        default="call",
                        max_length=11,
                        verbose_name="reach of a conflict of interest in votes",
                    ),
                ),
                (
                    "quorum_percent",
                    models.PositiveSmallIntegerField(
                        default=50,
                        help_text="Reached when at least this share of the appointed voting members is present.",
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)],
                        verbose_name="quorum (percent of voting members)",
                    ),
                ),
                ("casting_vote", models.BooleanField(default=True, verbose_name="casting vote of the chair")),
                ("secret_ballots", models.BooleanField(default=False, verbose_name="secret ballots by default")),
                ("observations_enabled", models.BooleanField(default=False, verbose_name="contradictory observations")),
                (
                    "observation_working_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)],
                        verbose_name="working days to observe",
                    ),
                ),
                (
                    "observation_max_words",
                    models.PositiveSmallIntegerField(
                        default=500,
                        validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(5000)],
                        verbose_name="words of an observation",
                    ),
                ),
                (
                    "appeal_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="From the notification.",
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)],
                        verbose_name="days to appeal",
                    ),
                ),
                (
                    "score_publication",
                    models.CharField(
                        choices=[
                            ("none", "No score is communicated"),
                            ("own", "Each applicant gets their own scores"),
                            ("listed", "The scores of listed projects are public"),
                        ],
                        default="own",
                        max_length=6,
                        verbose_name="communication of scores",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="applications.call",
                        verbose_name="call for projects",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "historical rules of the committee",
                "verbose_name_plural": "historical rules of the committee",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="JudgingTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judging_terms",
                        to="applications.call",
                        verbose_name="call for projects",
                    ),
                ),
                (
                    "conflict_scope",
                    models.CharField(
                        choices=[("application", "The application concerned"), ("call", "Every vote of the call")],
                        default="call",
                        max_length=11,
                        verbose_name="reach of a conflict of interest in votes",
                    ),
                ),
                (
                    "quorum_percent",
                    models.PositiveSmallIntegerField(
                        default=50,
                        help_text="Reached when at least this share of the appointed voting members is present.",
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)],
                        verbose_name="quorum (percent of voting members)",
                    ),
                ),
                ("casting_vote", models.BooleanField(default=True, verbose_name="casting vote of the chair")),
                ("secret_ballots", models.BooleanField(default=False, verbose_name="secret ballots by default")),
                ("observations_enabled", models.BooleanField(default=False, verbose_name="contradictory observations")),
                (
                    "observation_working_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)],
                        verbose_name="working days to observe",
                    ),
                ),
                (
                    "observation_max_words",
                    models.PositiveSmallIntegerField(
                        default=500,
                        validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(5000)],
                        verbose_name="words of an observation",
                    ),
                ),
                (
                    "appeal_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="From the notification.",
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)],
                        verbose_name="days to appeal",
                    ),
                ),
                (
                    "score_publication",
                    models.CharField(
                        choices=[
                            ("none", "No score is communicated"),
                            ("own", "Each applicant gets their own scores"),
                            ("listed", "The scores of listed projects are public"),
                        ],
                        default="own",
                        max_length=6,
                        verbose_name="communication of scores",
                    ),
                ),
            ],
            options={
                "verbose_name": "rules of the committee",
                "verbose_name_plural": "rules of the committee",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quorum_percent__gte", 1), ("quorum_percent__lte", 100)),
                        name="terms_quorum_1_to_100",
                        violation_error_message="A quorum lies between 1 and 100 percent.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LikelyConflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="evaluator"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="likely_conflicts",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[("employer", "Same employer"), ("email_domain", "Same e-mail domain")],
                        max_length=12,
                        verbose_name="ground",
                    ),
                ),
                ("evidence", models.CharField(max_length=255, verbose_name="what both have in common")),
                ("found_at", models.DateTimeField(verbose_name="found on")),
                ("dismissed_at", models.DateTimeField(blank=True, null=True, verbose_name="dismissed on")),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="dismissed by",
                    ),
                ),
                ("dismissal_reason", models.TextField(blank=True, verbose_name="reason of the dismissal")),
            ],
            options={
                "verbose_name": "likely conflict of interest",
                "verbose_name_plural": "likely conflicts of interest",
                "ordering": ("application__number", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("evaluator", "application", "ground", "evidence"), name="likely_conflict_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dismissal_reason", ""), ("dismissed_at__isnull", True), ("dismissed_by__isnull", True)),
                            models.Q(
                                ("dismissed_at__isnull", False),
                                ("dismissed_by__isnull", False),
                                models.Q(("dismissal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="likely_conflict_dismissed_with_author_and_reason",
                        violation_error_message="Dismissing a likely conflict needs an author, a date and a reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ObservationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observation_step",
                        to="applications.call",
                        verbose_name="call for projects",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened on")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="opened by"
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due on")),
                ("max_words", models.PositiveSmallIntegerField(verbose_name="words at most")),
            ],
            options={
                "verbose_name": "step of observations",
                "verbose_name_plural": "steps of observations",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("opened_at"))), name="observation_step_due_after_opening"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultsPublication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="applications.call",
                        verbose_name="call for projects",
                    ),
                ),
                ("sequence", models.PositiveSmallIntegerField(verbose_name="sequence")),
                ("content", models.TextField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("published_at", models.DateTimeField(verbose_name="published on")),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication of the results",
                "verbose_name_plural": "publications of the results",
                "ordering": ("call", "-sequence"),
                "constraints": [models.UniqueConstraint(fields=("call", "sequence"), name="publication_sequence_unique")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="evaluator",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("manual", "By hand"), ("all_read_all", "All read all"), ("auto", "Automatic"), ("csv", "From a file")],
                        default="manual",
                        max_length=12,
                        verbose_name="origin",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Declaration awaited"),
                            ("accepted", "In progress"),
                            ("recused", "Recused"),
                            ("released", "Removed"),
                        ],
                        db_index=True,
                        default="proposed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="evaluation.assignmentrun",
                        verbose_name="automatic run",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="assigned on")),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "ordering": ("application__number", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("evaluator", "application"), name="assignment_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", "auto"), ("run__isnull", False)),
                            models.Q(models.Q(("origin", "auto"), _negated=True), ("run__isnull", True)),
                            _connector="OR",
                        ),
                        name="assignment_automatic_names_its_run",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AppliedAssignmentRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applied",
                        to="evaluation.assignmentrun",
                        verbose_name="run",
                    ),
                ),
                ("applied_at", models.DateTimeField(verbose_name="applied on")),
                (
                    "applied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="applied by",
                    ),
                ),
                ("added", models.PositiveIntegerField(verbose_name="assignments made")),
                ("removed", models.PositiveIntegerField(verbose_name="assignments removed")),
            ],
            options={
                "verbose_name": "applied run",
                "verbose_name_plural": "applied runs",
                "ordering": ("-applied_at",),
            },
        ),
        migrations.CreateModel(
            name="Consensus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consensus",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.grid", verbose_name="grid"
                    ),
                ),
                (
                    "rapporteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="rapporteur",
                    ),
                ),
                (
                    "moderator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="moderator"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("draft", "Draft report"),
                            ("approving", "Approval awaited"),
                            ("validated", "Validated"),
                            ("disagreement", "Disagreement recorded"),
                            ("frozen", "Frozen by the ranking"),
                        ],
                        db_index=True,
                        default="open",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="revision")),
                ("text", models.TextField(blank=True, verbose_name="overall judgement")),
                ("opened_at", models.DateTimeField(verbose_name="opened on")),
                ("saved_at", models.DateTimeField(verbose_name="saved on")),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="saved by"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="validated on")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="validated by",
                    ),
                ),
                ("majority_view", models.TextField(blank=True, verbose_name="view of the majority")),
                ("minority_view", models.TextField(blank=True, verbose_name="view of the minority")),
            ],
            options={
                "verbose_name": "consensus report",
                "verbose_name_plural": "consensus reports",
                "ordering": ("application__number",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True), ("closed_by__isnull", True), ("status__in", ("open", "draft", "approving"))
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("status__in", ("validated", "disagreement", "frozen")),
                            ),
                            _connector="OR",
                        ),
                        name="consensus_closed_has_author_and_date",
                        violation_error_message="A closed consensus has an author and a date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "frozen"),
                            models.Q(
                                ("status", "disagreement"),
                                models.Q(("majority_view", ""), _negated=True),
                                models.Q(("minority_view", ""), _negated=True),
                            ),
                            models.Q(models.Q(("status", "disagreement"), _negated=True), ("majority_view", ""), ("minority_view", "")),
                            _connector="OR",
                        ),
                        name="consensus_disagreement_has_both_views",
                        violation_error_message="A disagreement is recorded with the view of the majority and that of the minority.",
                    ),
                    models.CheckConstraint(condition=models.Q(("round__gte", 1)), name="consensus_round_from_1"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactualFindings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="evaluation.observationstep",
                        verbose_name="step of observations",
                    ),
                ),
                ("text", models.TextField(verbose_name="facts established")),
                ("saved_at", models.DateTimeField(verbose_name="saved on")),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="saved by"
                    ),
                ),
            ],
            options={
                "verbose_name": "facts established",
                "verbose_name_plural": "facts established",
                "ordering": ("application__number",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("step__isnull", True), models.Q(("text", ""), _negated=True), _connector="OR"),
                        name="findings_sent_are_written",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GridCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="evaluation.grid", verbose_name="grid"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.criterion", verbose_name="criterion"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="priority")),
                ("weight", models.PositiveSmallIntegerField(default=10, verbose_name="weight (percent)")),
                (
                    "threshold",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=2, null=True, verbose_name="threshold (0 to 5)"),
                ),
                (
                    "min_justification",
                    models.PositiveSmallIntegerField(default=20, verbose_name="minimum length of the justification (characters)"),
                ),
                ("step_slugs", models.JSONField(blank=True, default=list, verbose_name="steps of the application it concerns")),
                ("guidance_fr", models.TextField(blank=True, verbose_name="guidance (French)")),
                ("guidance_ar", models.TextField(blank=True, verbose_name="guidance (Arabic)")),
                ("guidance_en", models.TextField(blank=True, verbose_name="guidance (English)")),
            ],
            options={
                "verbose_name": "criterion of the grid",
                "verbose_name_plural": "criteria of the grid",
                "ordering": ("position", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("grid", "criterion"), name="grid_criterion_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__lte", 100)),
                        name="grid_criterion_weight_at_most_100",
                        violation_error_message="A weight is at most 100 percent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("threshold__isnull", True),
                            (
                                "threshold__in",
                                (
                                    Decimal("0"),
                                    Decimal("0.5"),
                                    Decimal("1"),
                                    Decimal("1.5"),
                                    Decimal("2"),
                                    Decimal("2.5"),
                                    Decimal("3"),
                                    Decimal("3.5"),
                                    Decimal("4"),
                                    Decimal("4.5"),
                                    Decimal("5"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="grid_criterion_threshold_half_point",
                        violation_error_message="A threshold is a half point between 0 and 5.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalGrid",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                (
                    "tie_ladder",
                    models.JSONField(
                        blank=True,
                        default=evaluation.models.grids.default_ladder,
                        validators=[evaluation.models.grids.validate_ladder],
                        verbose_name="tie ladder",
                    ),
                ),
                (
                    "threshold_technical",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="threshold of the technical block (weighted points)",
                    ),
                ),
                (
                    "threshold_qualitative",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="threshold of the qualitative block (weighted points)",
                    ),
                ),
                (
                    "threshold_total",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="threshold of the total (points out of 100)",
                    ),
                ),
                ("adopted_on", models.DateField(blank=True, null=True, verbose_name="adopted on")),
                ("adoption_reference", models.CharField(blank=True, max_length=120, verbose_name="reference of the minutes")),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64, verbose_name="SHA-256 of the adopted grid")),
                (
                    "due_on",
                    models.DateField(
                        blank=True, help_text="May change while the grid is locked.", null=True, verbose_name="evaluations expected by"
                    ),
                ),
                ("locked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="locked since")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created on")),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="applications.call",
                        verbose_name="call",
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evaluation.grid",
                        verbose_name="copied from",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "historical scoring grid",
                "verbose_name_plural": "historical scoring grids",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalGridCriterion",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="priority")),
                ("weight", models.PositiveSmallIntegerField(default=10, verbose_name="weight (percent)")),
                (
                    "threshold",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=2, null=True, verbose_name="threshold (0 to 5)"),
                ),
                (
                    "min_justification",
                    models.PositiveSmallIntegerField(default=20, verbose_name="minimum length of the justification (characters)"),
                ),
                ("step_slugs", models.JSONField(blank=True, default=list, verbose_name="steps of the application it concerns")),
                ("guidance_fr", models.TextField(blank=True, verbose_name="guidance (French)")),
                ("guidance_ar", models.TextField(blank=True, verbose_name="guidance (Arabic)")),
                ("guidance_en", models.TextField(blank=True, verbose_name="guidance (English)")),
                (
                    "grid",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evaluation.grid",
                        verbose_name="grid",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="applications.criterion",
                        verbose_name="criterion",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "historical criterion of the grid",
                "verbose_name_plural": "historical criteria of the grid",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="evaluation.committeesession",
                        verbose_name="session",
                    ),
                ),
                ("sequence", models.PositiveSmallIntegerField(verbose_name="sequence")),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="evaluation.minutes",
                        verbose_name="minutes corrected",
                    ),
                ),
                ("correction_reason", models.TextField(blank=True, verbose_name="reason of the correction")),
                ("correction", models.TextField(blank=True, verbose_name="what is to be read instead")),
                ("content", models.TextField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("created_at", models.DateTimeField(verbose_name="drawn up on")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drawn up by",
                    ),
                ),
            ],
            options={
                "verbose_name": "minutes",
                "verbose_name_plural": "minutes",
                "ordering": ("session", "sequence"),
                "constraints": [
                    models.UniqueConstraint(fields=("session", "sequence"), name="minutes_sequence_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("correction", ""), ("correction_reason", ""), ("corrects__isnull", True), ("sequence", 1)),
                            models.Q(
                                ("corrects__isnull", False),
                                ("sequence__gt", 1),
                                models.Q(("correction_reason", ""), _negated=True),
                                models.Q(("correction", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="minutes_further_ones_correct_with_reason",
                        violation_error_message="Further minutes name those they correct, and say why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("content", ""), _negated=True), models.Q(("sha256", ""), _negated=True)),
                        name="minutes_are_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ranking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rankings", to="applications.call", verbose_name="call"
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rankings", to="evaluation.grid", verbose_name="grid"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="run")),
                ("created_at", models.DateTimeField(verbose_name="run on")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="run by"
                    ),
                ),
                ("places", models.PositiveIntegerField(default=0, help_text="0 when the call announces no number.", verbose_name="places")),
                ("tie_rank", models.PositiveIntegerField(blank=True, null=True, verbose_name="rank shared across the last place")),
                ("inputs", models.TextField(verbose_name="inputs")),
                ("result", models.TextField(verbose_name="result")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("code_version", models.CharField(max_length=64, verbose_name="version of the rules")),
            ],
            options={
                "verbose_name": "ranking",
                "verbose_name_plural": "rankings",
                "ordering": ("call", "-number"),
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="ranking_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sha256", ""), _negated=True),
                            models.Q(("inputs", ""), _negated=True),
                            models.Q(("result", ""), _negated=True),
                        ),
                        name="ranking_is_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="evaluation.committeesession",
                        verbose_name="session",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="session_memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "capacity",
                    models.CharField(
                        choices=[("chair", "Chair"), ("member", "Member"), ("secretary", "Secretary"), ("observer", "Observer")],
                        default="member",
                        max_length=9,
                        verbose_name="capacity",
                    ),
                ),
                (
                    "exclusion_lifted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="allowed to vote on the other applications since"),
                ),
                (
                    "exclusion_lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="allowed by",
                    ),
                ),
                ("exclusion_lift_reason", models.TextField(blank=True, verbose_name="reason for allowing it")),
            ],
            options={
                "verbose_name": "member of the session",
                "verbose_name_plural": "members of the session",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("session", "person"), name="session_member_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("capacity", "chair")),
                        fields=("session",),
                        name="session_one_chair",
                        violation_error_message="A session has one chair.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("exclusion_lift_reason", ""), ("exclusion_lifted_at__isnull", True), ("exclusion_lifted_by__isnull", True)
                            ),
                            models.Q(
                                ("exclusion_lifted_at__isnull", False),
                                ("exclusion_lifted_by__isnull", False),
                                models.Q(("exclusion_lift_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="session_member_exclusion_lifted_with_author_and_reason",
                        violation_error_message="Allowing a member to vote on the other applications needs an author, a date and a reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="evaluation.committeesession",
                        verbose_name="session",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda_items",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=250, verbose_name="question")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Not discussed yet"),
                            ("current", "In progress"),
                            ("done", "Discussed"),
                            ("postponed", "Postponed to a later session"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="opened at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("summary", models.TextField(blank=True, verbose_name="summary of the discussion")),
                (
                    "stand_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items_chaired",
                        to="evaluation.sessionmember",
                        verbose_name="chaired by",
                    ),
                ),
                ("postponement_reason", models.TextField(blank=True, verbose_name="reason for postponing")),
            ],
            options={
                "verbose_name": "agenda item",
                "verbose_name_plural": "agenda items",
                "ordering": ("position", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("application__isnull", False)),
                        fields=("session", "application"),
                        name="agenda_application_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "current")),
                        fields=("session",),
                        name="agenda_one_current_item",
                        violation_error_message="Another item is in progress.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("application__isnull", False), ("title", "")),
                            models.Q(("application__isnull", True), models.Q(("title", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="agenda_item_is_an_application_or_a_question",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("current", "done")), _negated=True), ("opened_at__isnull", False), _connector="OR"
                        ),
                        name="agenda_opened_item_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("status", "done"), _negated=True), ("closed_at__isnull", False), _connector="OR"),
                        name="agenda_done_item_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "postponed"), _negated=True),
                            models.Q(("postponement_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="agenda_postponed_item_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="evaluation.assignment",
                        verbose_name="assignment",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evaluations", to="evaluation.grid", verbose_name="grid"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="revision")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("submitted", "Evaluation submitted")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("strengths", models.TextField(blank=True, verbose_name="Strengths")),
                ("weaknesses", models.TextField(blank=True, verbose_name="Weaknesses")),
                (
                    "confidence",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Low"), (2, "Medium"), (3, "High")],
                        null=True,
                        verbose_name="How sure are you of your judgement?",
                    ),
                ),
                ("minutes_spent", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Time spent (minutes)")),
                ("saved_at", models.DateTimeField(verbose_name="saved on")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted on")),
                ("receipt_sha256", models.CharField(blank=True, max_length=64, verbose_name="receipt")),
                (
                    "reopened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reopened by",
                    ),
                ),
                ("reopening_reason", models.TextField(blank=True, verbose_name="reason for reopening")),
            ],
            options={
                "verbose_name": "evaluation",
                "verbose_name_plural": "evaluations",
                "ordering": ("assignment", "-version"),
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "version"), name="evaluation_version_unique"),
                    models.UniqueConstraint(condition=models.Q(("status", "draft")), fields=("assignment",), name="evaluation_one_draft"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("receipt_sha256", ""), ("status", "draft"), ("submitted_at__isnull", True)),
                            models.Q(
                                ("status", "submitted"), ("submitted_at__isnull", False), models.Q(("receipt_sha256", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="evaluation_submitted_has_date_and_receipt",
                        violation_error_message="A submitted evaluation has a date and a receipt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confidence__isnull", True), models.Q(("confidence__gte", 1), ("confidence__lte", 3)), _connector="OR"
                        ),
                        name="evaluation_confidence_1_to_3",
                        violation_error_message="Confidence goes from 1 to 3.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version", 1),
                            models.Q(("reopened_by__isnull", False), models.Q(("reopening_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="evaluation_reopened_with_reason",
                        violation_error_message="Reopening needs an author and a reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsensusScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "consensus",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="evaluation.consensus",
                        verbose_name="consensus report",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.gridcriterion",
                        verbose_name="criterion",
                    ),
                ),
                ("value", models.DecimalField(blank=True, decimal_places=1, max_digits=2, null=True, verbose_name="agreed mark")),
                ("text", models.TextField(blank=True, verbose_name="reasons")),
                ("outside_reason", models.TextField(blank=True, verbose_name="reason for a mark outside those of the evaluators")),
            ],
            options={
                "verbose_name": "agreed mark",
                "verbose_name_plural": "agreed marks",
                "ordering": ("consensus", "criterion__position"),
                "constraints": [
                    models.UniqueConstraint(fields=("consensus", "criterion"), name="consensus_score_once_per_criterion"),
                    models.CheckConstraint(
                        condition=models.Q(("value__isnull", True), models.Q(("value__gte", 0), ("value__lte", 5)), _connector="OR"),
                        name="consensus_score_between_0_and_5",
                        violation_error_message="A mark lies between 0 and 5.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__isnull", True),
                            models.Q(("value__gte", 0), ("value__lte", 5), _negated=True),
                            (
                                "value__in",
                                (
                                    Decimal("0"),
                                    Decimal("0.5"),
                                    Decimal("1"),
                                    Decimal("1.5"),
                                    Decimal("2"),
                                    Decimal("2.5"),
                                    Decimal("3"),
                                    Decimal("3.5"),
                                    Decimal("4"),
                                    Decimal("4.5"),
                                    Decimal("5"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="consensus_score_half_point",
                        violation_error_message="A mark is a whole or half point.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LevelAnchor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "grid_criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="anchors",
                        to="evaluation.gridcriterion",
                        verbose_name="criterion",
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("text_fr", models.CharField(max_length=300, verbose_name="meaning (French)")),
                ("text_ar", models.CharField(blank=True, max_length=300, verbose_name="meaning (Arabic)")),
                ("text_en", models.CharField(blank=True, max_length=300, verbose_name="meaning (English)")),
            ],
            options={
                "verbose_name": "level anchor",
                "verbose_name_plural": "level anchors",
                "ordering": ("level",),
                "constraints": [
                    models.UniqueConstraint(fields=("grid_criterion", "level"), name="anchor_level_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("level__lte", 5)),
                        name="anchor_level_on_the_scale",
                        violation_error_message="A level lies between 0 and 5.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "minutes",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signature",
                        to="evaluation.minutes",
                        verbose_name="minutes",
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="signed by"
                    ),
                ),
                (
                    "capacity",
                    models.CharField(
                        choices=[("chair", "Chair of the session"), ("stand_in", "Stand-in of the chair")],
                        max_length=8,
                        verbose_name="capacity",
                    ),
                ),
                ("stand_in_reason", models.TextField(blank=True, verbose_name="reason of the stand-in")),
                (
                    "method",
                    models.CharField(
                        choices=[("typed", "Typed confirmation, after signing in again"), ("scan", "Scan of the signed paper")],
                        max_length=5,
                        verbose_name="way of signing",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 signed")),
                ("statement", models.TextField(blank=True, verbose_name="statement signed")),
                ("typed_name", models.CharField(blank=True, max_length=200, verbose_name="name typed")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="network address")),
                (
                    "scan",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signature",
                        to="evaluation.attachment",
                        verbose_name="signed scan",
                    ),
                ),
                ("expected_pages", models.PositiveIntegerField(blank=True, null=True, verbose_name="pages expected")),
                ("signed_at", models.DateTimeField(verbose_name="signed on")),
            ],
            options={
                "verbose_name": "signature of minutes",
                "verbose_name_plural": "signatures of minutes",
                "ordering": ("-signed_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("method", "typed"),
                                ("scan__isnull", True),
                                models.Q(("typed_name", ""), _negated=True),
                                models.Q(("statement", ""), _negated=True),
                            ),
                            models.Q(("expected_pages__isnull", False), ("method", "scan"), ("scan__isnull", False), ("typed_name", "")),
                            _connector="OR",
                        ),
                        name="minutes_signature_typed_or_scanned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("capacity", "chair"), ("stand_in_reason", "")),
                            models.Q(("capacity", "stand_in"), models.Q(("stand_in_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="minutes_signature_stand_in_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "findings",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observation",
                        to="evaluation.factualfindings",
                        verbose_name="facts established",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="observations")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="revision")),
                ("saved_at", models.DateTimeField(verbose_name="saved on")),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="saved by"
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent on")),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
            ],
            options={
                "verbose_name": "observations of an applicant",
                "verbose_name_plural": "observations of applicants",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                            models.Q(("sent_at__isnull", False), ("sent_by__isnull", False), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="observation_sent_is_written_and_dated",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RankingAdvice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ranking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="advice", to="evaluation.ranking", verbose_name="ranking"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="computed on")),
                ("seed", models.BigIntegerField(verbose_name="seed of the draws")),
                ("content", models.TextField(verbose_name="figures")),
                ("badges", models.TextField(verbose_name="robustness of the ranks")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("code_version", models.CharField(max_length=64, verbose_name="version of the rules")),
            ],
            options={
                "verbose_name": "advice on a ranking",
                "verbose_name_plural": "advice on rankings",
                "ordering": ("-created_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sha256", ""), _negated=True),
                            models.Q(("content", ""), _negated=True),
                            models.Q(("badges", ""), _negated=True),
                        ),
                        name="ranking_advice_is_complete",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RankingLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ranking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="evaluation.ranking", verbose_name="ranking"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ranking_lines",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="order")),
                ("rank", models.PositiveIntegerField(blank=True, null=True, verbose_name="proposed rank")),
                ("ex_aequo", models.BooleanField(default=False, verbose_name="ex æquo")),
                ("total", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="weighted score")),
                ("exact_total", models.CharField(max_length=60, verbose_name="exact weighted score")),
                ("technical", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="technical block")),
                ("qualitative", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="qualitative block")),
                (
                    "missed",
                    models.CharField(
                        blank=True, help_text="Codes separated by spaces.", max_length=200, verbose_name="thresholds not reached"
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the ranking",
                "verbose_name_plural": "lines of the ranking",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("ranking", "application"), name="ranking_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("missed", ""), ("rank__isnull", False)),
                            models.Q(("rank__isnull", True), models.Q(("missed", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="ranking_line_below_threshold_has_no_rank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank__isnull", True), ("rank__gte", 1), _connector="OR"), name="ranking_line_rank_from_1"
                    ),
                    models.CheckConstraint(condition=models.Q(("total__gte", 0), ("total__lte", 100)), name="ranking_line_total_0_to_100"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="evaluation.sessionmember",
                        verbose_name="member",
                    ),
                ),
                ("move", models.CharField(choices=[("arrived", "Arrived"), ("left", "Left")], max_length=7, verbose_name="movement")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendances",
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="ConsensusApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "consensus",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="evaluation.consensus",
                        verbose_name="consensus report",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consensus_approvals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="evaluator",
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.evaluation", verbose_name="evaluation"
                    ),
                ),
                (
                    "answer",
                    models.CharField(choices=[("approve", "Approves"), ("dissent", "Dissents")], max_length=7, verbose_name="answer"),
                ),
                ("minority_text", models.TextField(blank=True, verbose_name="reasons of the dissent")),
                ("answered_at", models.DateTimeField(verbose_name="answered on")),
            ],
            options={
                "verbose_name": "answer to a consensus report",
                "verbose_name_plural": "answers to consensus reports",
                "ordering": ("consensus", "round", "answered_at"),
                "constraints": [
                    models.UniqueConstraint(fields=("consensus", "round", "evaluator"), name="consensus_one_answer_per_round"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "approve"), ("minority_text", "")),
                            models.Q(("answer", "dissent"), models.Q(("minority_text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="consensus_dissent_is_explained",
                        violation_error_message="A dissent is explained, an approval is not.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="evaluation.evaluation",
                        verbose_name="evaluation",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="evaluation.gridcriterion",
                        verbose_name="criterion",
                    ),
                ),
                ("value", models.DecimalField(blank=True, decimal_places=1, max_digits=2, null=True, verbose_name="mark")),
                ("justification", models.TextField(blank=True, verbose_name="justification")),
                (
                    "evidence",
                    models.CharField(
                        blank=True,
                        help_text="Sections, tables or pieces relied on. Optional.",
                        max_length=300,
                        verbose_name="Where in the application",
                    ),
                ),
            ],
            options={
                "verbose_name": "mark",
                "verbose_name_plural": "marks",
                "ordering": ("criterion__position",),
                "constraints": [
                    models.UniqueConstraint(fields=("evaluation", "criterion"), name="score_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("value__isnull", True), models.Q(("value__gte", 0), ("value__lte", 5)), _connector="OR"),
                        name="score_between_0_and_5",
                        violation_error_message="A mark lies between 0 and 5.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__isnull", True),
                            models.Q(("value__gte", 0), ("value__lte", 5), _negated=True),
                            (
                                "value__in",
                                (
                                    Decimal("0"),
                                    Decimal("0.5"),
                                    Decimal("1"),
                                    Decimal("1.5"),
                                    Decimal("2"),
                                    Decimal("2.5"),
                                    Decimal("3"),
                                    Decimal("3.5"),
                                    Decimal("4"),
                                    Decimal("4.5"),
                                    Decimal("5"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="score_half_point",
                        violation_error_message="A mark is a whole or half point.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="evaluation.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "subject",
                    models.CharField(
                        choices=[("proposal", "Adopt a proposal"), ("tie", "Choose between equals")],
                        default="proposal",
                        max_length=8,
                        verbose_name="subject",
                    ),
                ),
                ("question", models.CharField(max_length=500, verbose_name="question put to the vote")),
                (
                    "proposed_outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("selected", "Selected"),
                            ("selected_with_reservations", "Selected with reservations"),
                            ("waiting_list", "Waiting list"),
                            ("deferred", "Deferred"),
                            ("not_selected", "Not selected"),
                        ],
                        max_length=30,
                        verbose_name="outcome put to the vote",
                    ),
                ),
                ("seats", models.PositiveSmallIntegerField(default=1, verbose_name="places to give")),
                (
                    "method",
                    models.CharField(
                        choices=[("named", "Named vote"), ("secret", "Secret ballot")], default="named", max_length=6, verbose_name="method"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Vote open"), ("closed", "Vote closed"), ("cancelled", "Vote cancelled")],
                        default="open",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="opened by"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("present", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="voting members present")),
                ("places_left", models.PositiveSmallIntegerField(default=0, verbose_name="places left level")),
                ("casting_reason", models.TextField(blank=True, verbose_name="reason of the casting vote")),
                ("cancellation_reason", models.TextField(blank=True, verbose_name="reason for cancelling")),
            ],
            options={
                "verbose_name": "ballot",
                "verbose_name_plural": "ballots",
                "ordering": ("item", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="ballot_number_unique"),
                    models.UniqueConstraint(condition=models.Q(("status", "open")), fields=("item",), name="ballot_one_open_per_item"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            models.Q(("closed_at__isnull", False), ("present__isnull", False)),
                            _connector="OR",
                        ),
                        name="ballot_closed_has_date_and_count",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "cancelled"), _negated=True),
                            models.Q(("cancellation_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="ballot_cancelled_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject", "proposal"), ("proposed_outcome", ""), _connector="OR"),
                        name="ballot_outcome_only_for_a_proposal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject", "tie"), ("seats", 1), _connector="OR"), name="ballot_seats_only_between_equals"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BallotOption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ballot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="options", to="evaluation.ballot", verbose_name="ballot"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                (
                    "code",
                    models.CharField(
                        choices=[("for", "For"), ("against", "Against"), ("abstain", "Abstention"), ("application", "Application")],
                        max_length=11,
                        verbose_name="option",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                ("count", models.PositiveSmallIntegerField(default=0, verbose_name="votes")),
                ("elected", models.BooleanField(default=False, verbose_name="adopted")),
            ],
            options={
                "verbose_name": "option of a ballot",
                "verbose_name_plural": "options of a ballot",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("ballot", "position"), name="ballot_option_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("application__isnull", False), ("code", "application")),
                            models.Q(models.Q(("code", "application"), _negated=True), ("application__isnull", True)),
                            _connector="OR",
                        ),
                        name="ballot_option_application_only_for_that_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "ranking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="evaluation.ranking",
                        verbose_name="ranking",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("selected", "Selected"),
                            ("selected_with_reservations", "Selected with reservations"),
                            ("waiting_list", "Waiting list"),
                            ("deferred", "Deferred"),
                            ("not_selected", "Not selected"),
                        ],
                        max_length=30,
                        verbose_name="Outcome",
                    ),
                ),
                ("adopted_rank", models.PositiveIntegerField(blank=True, null=True, verbose_name="Adopted rank")),
                ("reasons_fact", models.TextField(blank=True, verbose_name="Reasons of fact")),
                ("reasons_law", models.TextField(blank=True, verbose_name="Reasons of law")),
                ("reservations", models.TextField(blank=True, verbose_name="Reservations")),
                ("deviation_reason", models.TextField(blank=True, verbose_name="Reason for departing from the proposed ranking")),
                ("tie_break_reason", models.TextField(blank=True, verbose_name="Reason for the choice between equals")),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="evaluation.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "ballot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="evaluation.ballot",
                        verbose_name="ballot",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                ("decided_at", models.DateTimeField(verbose_name="decided on")),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ("decided_at",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ranking", "adopted_rank"),
                        name="decision_adopted_rank_unique",
                        violation_error_message="This rank is already given to another application.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ("selected", "selected_with_reservations")),
                            models.Q(models.Q(("reasons_fact", ""), _negated=True), models.Q(("reasons_law", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="decision_unfavourable_has_reasons",
                        violation_error_message="A decision that is not favourable states its reasons of fact and of law.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "selected_with_reservations"), _negated=True),
                            models.Q(("reservations", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_reservations_are_written",
                        violation_error_message="A selection with reservations states them.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("adopted_rank__gte", 1),
                                ("adopted_rank__isnull", False),
                                ("outcome__in", ("selected", "selected_with_reservations", "waiting_list")),
                            ),
                            models.Q(("adopted_rank__isnull", True), ("outcome__in", ("deferred", "not_selected"))),
                            _connector="OR",
                        ),
                        name="decision_listed_has_rank",
                        violation_error_message="A selected or waiting application has an adopted rank, the others have none.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="evaluation.decision",
                        verbose_name="decision",
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("procedural", "The procedure was not followed"), ("factual", "A fact was wrongly established")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="text of the appeal")),
                (
                    "piece",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="evaluation.attachment",
                        verbose_name="piece joined",
                    ),
                ),
                ("filed_at", models.DateTimeField(verbose_name="filed on")),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="filed by"
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="last moment to appeal")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "appeal",
                "verbose_name_plural": "appeals",
                "ordering": ("-filed_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("text", ""), _negated=True), models.Q(("number", ""), _negated=True)),
                        name="appeal_is_written_and_numbered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ballot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="evaluation.ballot", verbose_name="ballot"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes_cast",
                        to="evaluation.sessionmember",
                        verbose_name="member",
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="named_votes",
                        to="evaluation.ballotoption",
                        verbose_name="choice",
                    ),
                ),
            ],
            options={
                "verbose_name": "vote",
                "verbose_name_plural": "votes",
                "ordering": ("member",),
                "constraints": [models.UniqueConstraint(fields=("ballot", "member"), name="vote_once")],
            },
        ),
        migrations.CreateModel(
            name="AppealAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="evaluation.appeal", verbose_name="appeal"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("upheld", "Upheld"), ("partly", "Upheld in part"), ("dismissed", "Dismissed")],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("reasons_fact", models.TextField(verbose_name="Reasons of fact")),
                ("reasons_law", models.TextField(verbose_name="Reasons of law")),
                ("follows", models.TextField(blank=True, verbose_name="what follows")),
                ("answered_at", models.DateTimeField(verbose_name="answered on")),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to an appeal",
                "verbose_name_plural": "answers to appeals",
                "ordering": ("-answered_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("reasons_fact", ""), _negated=True), models.Q(("reasons_law", ""), _negated=True)),
                        name="appeal_answer_has_reasons",
                        violation_error_message="An answer states its reasons of fact and of law.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", "dismissed"), models.Q(("follows", ""), _negated=True), _connector="OR"),
                        name="appeal_upheld_says_what_follows",
                        violation_error_message="An appeal upheld says what follows.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AppealReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reply", to="evaluation.appeal", verbose_name="appeal"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "Upheld"), ("partly", "Upheld in part"), ("dismissed", "Dismissed")],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("reasons_fact", models.TextField(blank=True, verbose_name="Reasons of fact")),
                ("reasons_law", models.TextField(blank=True, verbose_name="Reasons of law")),
                ("follows", models.TextField(blank=True, verbose_name="what follows")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="revision")),
                ("saved_at", models.DateTimeField(verbose_name="saved on")),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="saved by"
                    ),
                ),
            ],
            options={
                "verbose_name": "draft answer to an appeal",
                "verbose_name_plural": "draft answers to appeals",
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="applications.call",
                        verbose_name="call for projects",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("reference", models.CharField(max_length=40, unique=True, verbose_name="reference")),
                (
                    "kind",
                    models.CharField(
                        choices=[("decision", "Decision of the committee"), ("appeal", "Answer to an appeal")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="evaluation.decision",
                        verbose_name="decision",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="evaluation.minutes",
                        verbose_name="signed minutes",
                    ),
                ),
                (
                    "answer",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="evaluation.appealanswer",
                        verbose_name="answer to an appeal",
                    ),
                ),
                ("content", models.TextField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("issued_at", models.DateTimeField(verbose_name="issued on")),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="issued by"
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "ordering": ("call", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="letter_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer__isnull", True), ("decision__isnull", False), ("kind", "decision"), ("minutes__isnull", False)
                            ),
                            models.Q(("answer__isnull", False), ("decision__isnull", True), ("kind", "appeal")),
                            _connector="OR",
                        ),
                        name="letter_says_what_it_notifies",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("content", ""), _negated=True), models.Q(("sha256", ""), _negated=True)),
                        name="letter_is_complete",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="Ballot",
            name="casting_option",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evaluation.ballotoption",
                verbose_name="casting vote",
            ),
        ),
        migrations.AddField(
            model_name="Ballot",
            name="winner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evaluation.ballotoption",
                verbose_name="option adopted",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("casting_option__isnull", True), models.Q(("casting_reason", ""), _negated=True), _connector="OR"),
                name="ballot_casting_vote_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "closed"), ("winner__isnull", True), _connector="OR"), name="ballot_winner_only_when_closed"
            ),
        ),
    ]
