
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='appointment_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
