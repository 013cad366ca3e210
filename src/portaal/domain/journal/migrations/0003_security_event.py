from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [
        migrations.RenameModel("Refusal", "SecurityEvent"),
        migrations.RenameField("SecurityEvent", "what", "kind"),
        migrations.RenameIndex(
            "SecurityEvent", old_name="journal_refusal_at", new_name="journal_security_event_at"
        ),
    ]
