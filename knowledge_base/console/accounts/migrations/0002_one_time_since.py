"""When a one-time password was given. Those that wait to be changed count from the day of this change."""

from django.db import migrations, models
from django.utils import timezone


def from_now_on(apps, schema_editor):
    apps.get_model("accounts", "StaffMember").objects.filter(must_change_password=True).update(
        one_time_since=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="staffmember",
            name="one_time_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(from_now_on, migrations.RunPython.noop, elidable=True),
    ]
