from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0002_appointment'),
        ('messaging', '0002_limit'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('from_office', True)), fields=['party', '-sent_at', 'id'], name='messaging_told'),
        ),
    ]
