from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError

from portaal.domain.journal import triggers


def create_triggers(apps, editor):
    triggers.create(editor.connection)


def drop_triggers(apps, editor):
    triggers.drop(editor.connection)


def refuse_to_lose_keys(apps, editor):
    if apps.get_model("journal", "Event").objects.filter(format__gt=1).exists():
        raise IrreversibleError("events were sealed with a key and a format of their own")


class Migration(migrations.Migration):
    """Existing events keep their MAC: they were sealed with the first key, in format 1."""

    dependencies = [("journal", "0003_security_event")]

    operations = [
        # SQLite adds a column by copying the table; the triggers would refuse that.
        migrations.RunPython(drop_triggers, create_triggers),
        migrations.AddField(
            "Event",
            "key_id",
            models.CharField(default="journal", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            "Event",
            "format",
            models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField("Head", "key_id", models.CharField(default="journal", max_length=20)),
        migrations.RunPython(create_triggers, drop_triggers),
        # Without the columns, the events recorded since could not be verified any more.
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_keys),
    ]
