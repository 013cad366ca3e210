from django.db import migrations, models


class Migration(migrations.Migration):
    # Django renames the content type with the model, backwards too, and needs its table for that.
    dependencies = [
        ("accounts", "0002_unsent"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RemoveConstraint("Tally", "accounts_one_tally"),
        migrations.RenameModel("Tally", "RateCounter"),
        migrations.AddConstraint(
            "RateCounter",
            models.UniqueConstraint(fields=("key", "until"), name="accounts_one_rate_counter"),
        ),
        migrations.RenameIndex(
            "RateCounter",
            old_name="accounts_tally_until",
            new_name="accounts_counter_until",
        ),
        migrations.RenameField("Unsent", "kept_at", "saved_at"),
    ]
