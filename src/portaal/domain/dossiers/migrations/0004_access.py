from django.db import migrations, models


class Migration(migrations.Migration):
    """Put the levels of access in order; the stored values stay the same."""

    dependencies = [
        ('dossiers', '0003_removed_party'),
    ]

    operations = [
        migrations.AlterField(
            model_name='party',
            name='access',
            field=models.CharField(
                choices=[
                    ('none', 'No access'),
                    ('documents', 'Documents only'),
                    ('reader', 'Reads along'),
                    ('full', 'Full access'),
                ],
                default='full',
                max_length=9,
            ),
        ),
    ]
