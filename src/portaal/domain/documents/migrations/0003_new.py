from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_readings_by_login'),
        ('dossiers', '0002_appointment'),
    ]

    operations = [
        migrations.AddField(
            model_name='recipient',
            name='seen_by_all_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(fields=['party', 'seen_by_all_at', 'publication'], name='documents_new'),
        ),
    ]
