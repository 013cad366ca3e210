from django.db import migrations, models


class Migration(migrations.Migration):
    """Rename the time at which a party was removed from its dossier."""

    dependencies = [
        ('dossiers', '0002_appointment'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='party', name='dossiers_party_once'),
        migrations.RenameField(
            model_name='party', old_name='released_at', new_name='removed_at'
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(
                condition=models.Q(('removed_at', None)),
                fields=('dossier', 'client'),
                name='dossiers_party_once',
            ),
        ),
    ]
