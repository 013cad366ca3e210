from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Give a table, two fields and an index their present names. No row changes."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("messaging", "0004_new"),
    ]

    operations = [
        migrations.RenameModel("StandardReply", "CannedReply"),
        migrations.AlterModelOptions(
            name="cannedreply",
            options={"ordering": ("name", "pk"), "verbose_name_plural": "canned replies"},
        ),
        # Indexes name their columns, so they go before a column is renamed and return after it.
        migrations.RemoveIndex("draft", name="messaging_drafts_by_age"),
        migrations.RenameField("draft", "kept_at", "saved_at"),
        migrations.AddIndex(
            "draft", models.Index(fields=["saved_at"], name="messaging_drafts_by_age")
        ),
        migrations.RemoveIndex("message", name="messaging_waiting"),
        migrations.RenameField("message", "taken_up_at", "picked_up_at"),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["dossier"],
                condition=Q(from_office=False, picked_up_at=None),
                name="messaging_pending",
            ),
        ),
    ]
