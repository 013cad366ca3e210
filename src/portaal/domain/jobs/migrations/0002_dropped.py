
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='state',
            field=models.CharField(choices=[('ready', 'Ready'), ('running', 'Running'), ('done', 'Done'), ('dead', 'Dead'), ('dropped', 'Dropped')], default='ready', max_length=8),
        ),
    ]
