import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# The database itself refuses to change or delete an event. The statements are here in full, as a
# migration must not change with the code.
SQLITE = [
    """
    CREATE TRIGGER journal_event_no_update BEFORE UPDATE ON journal_event
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
    """,
    """
    CREATE TRIGGER journal_event_no_delete BEFORE DELETE ON journal_event
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION journal_event_append_only() RETURNS trigger AS
    $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER journal_event_rows BEFORE UPDATE OR DELETE ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_event_append_only()
    """,
    """
    CREATE TRIGGER journal_event_all BEFORE TRUNCATE ON journal_event
    FOR EACH STATEMENT EXECUTE FUNCTION journal_event_append_only()
    """,
]


def refuse_changes(apps, editor):
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.BigIntegerField(default=0)),
                (
                    "mac",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
                ("key_id", models.CharField(default="journal", max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("verb", models.CharField(max_length=60)),
                ("object_kind", models.CharField(max_length=60)),
                ("object_id", models.CharField(max_length=40)),
                ("dossier", models.UUIDField(null=True)),
                ("details", models.JSONField(default=dict)),
                ("request_id", models.CharField(blank=True, max_length=32)),
                ("channel", models.CharField(blank=True, db_default="", default="", max_length=10)),
                (
                    "assurance",
                    models.CharField(blank=True, db_default="", default="", max_length=10),
                ),
                ("submission", models.UUIDField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("key_id", models.CharField(max_length=20)),
                ("format", models.PositiveSmallIntegerField()),
                ("previous", models.CharField(max_length=64)),
                ("mac", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["dossier", "-seq"], name="journal_of_dossier"),
                    models.Index(fields=["object_kind", "object_id"], name="journal_of_object"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("actor", "submission"), name="journal_once_per_submission"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=60)),
                ("network", models.CharField(blank=True, max_length=50)),
                ("request_id", models.CharField(blank=True, max_length=32)),
                ("details", models.JSONField(default=dict)),
                ("times", models.PositiveIntegerField(db_default=1, default=1)),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at"], name="journal_security_event_at"),
                    models.Index(fields=["kind", "-at"], name="journal_security_event_kind"),
                ],
            },
        ),
        migrations.RunPython(refuse_changes, migrations.RunPython.noop),
    ]
