import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
        ("keys", "0001_initial"),
        ("office", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dossier",
            fields=[
                (
                    "external_source",
                    models.CharField(blank=True, db_default="", default="", max_length=40),
                ),
                (
                    "external_id",
                    models.CharField(blank=True, db_default="", default="", max_length=100),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True)),
                ("description", models.CharField(max_length=150)),
                ("confidential", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("appointment_at", models.DateTimeField(blank=True, null=True)),
                (
                    "handler",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "status",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.status",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.dossiertype",
                    ),
                ),
                (
                    "vault",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="keys.vault",
                    ),
                ),
            ],
            options={
                "ordering": ("-opened_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("handler", "Handler"),
                            ("deputy", "Deputy"),
                            ("secretary", "Secretary"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="dossiers.dossier",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "external_source",
                    models.CharField(blank=True, db_default="", default="", max_length=40),
                ),
                (
                    "external_id",
                    models.CharField(blank=True, db_default="", default="", max_length=100),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("buyer", "Buyer"),
                            ("seller", "Seller"),
                            ("borrower", "Borrower"),
                            ("testator", "Testator"),
                            ("partner", "Partner"),
                            ("heir", "Heir"),
                            ("executor", "Executor"),
                            ("attorney", "Attorney"),
                            ("founder", "Founder"),
                            ("director", "Director"),
                            ("shareholder", "Shareholder"),
                            ("adviser", "Adviser"),
                            ("other", "Other party"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "access",
                    models.CharField(
                        choices=[
                            ("none", "No access"),
                            ("documents", "Documents only"),
                            ("reader", "Reads along"),
                            ("full", "Full access"),
                        ],
                        default="full",
                        max_length=9,
                    ),
                ),
                ("admitted_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="clients.client",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="dossiers.dossier",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "parties",
                "ordering": ("admitted_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="clients.membership",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="dossiers.party",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("name_nl", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="dossiers.dossier",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["-opened_at", "id"], name="dossiers_order"),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["status", "-opened_at"], name="dossiers_by_status"),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("external_source", "external_id"),
                name="dossiers_external_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("dossier", "user"), name="dossiers_one_assignment"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "handler")),
                fields=("dossier",),
                name="dossiers_one_handler",
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("dossier", "client"),
                name="dossiers_party_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("external_source", "external_id"),
                name="dossiers_party_external_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                fields=("membership", "party"), name="dossiers_one_grant"
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["dossier", "position"], name="dossiers_steps"),
        ),
    ]
