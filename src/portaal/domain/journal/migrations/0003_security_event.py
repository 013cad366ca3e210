from django.db import migrations


class Migration(migrations.Migration):
    # Django renames the content type with the model, backwards too, and needs its table for that.
    dependencies = [
        ("journal", "0002_append_only"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RenameModel("Refusal", "SecurityEvent"),
        migrations.RenameField("SecurityEvent", "what", "kind"),
        migrations.RenameIndex(
            "SecurityEvent", old_name="journal_refusal_at", new_name="journal_security_event_at"
        ),
    ]
