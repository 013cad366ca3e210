"""Django's `migrate`, which first refuses the database of another version in one sentence."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

START_AGAIN = "`make demo-reset` deletes its data and loads the demo again."
RESTORE = "Install the version that made it, or restore the backup that was made with this version."


class Command(migrate.Command):
    def handle(self, *args: object, database: str, **options: object) -> None:
        if reason := find_mismatch(connections[database]):
            what_now = RESTORE if settings.PRODUCTION else START_AGAIN
            raise CommandError(
                f"The database was made by another version of the portal ({reason}). {what_now}"
            )
        super().handle(*args, database=database, **options)


def find_mismatch(connection: BaseDatabaseWrapper) -> str:
    """Return why this version cannot migrate the database, in a few words, or ''.

    A database of another version has migrations that the code does not know, or lacks a column
    that an applied migration makes, because that migration was rewritten.
    """
    loader = MigrationLoader(connection)
    replaced = {
        name for migration in loader.disk_migrations.values() for name in migration.replaces
    }
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations) - replaced
    # A database keeps the migrations of a package that is no longer installed.
    ours = sorted(f"{app}.{name}" for app, name in unknown if app in loader.migrated_apps)
    if ours:
        return f"unknown migration {ours[0]}"
    if missing := _find_missing_column(connection, loader):
        return f"no column {missing}"
    return ""


def _find_missing_column(connection: BaseDatabaseWrapper, loader: MigrationLoader) -> str:
    """Return a column, as 'table.column', that a completely migrated app lacks, or ''."""
    pending = {app for app, name in set(loader.disk_migrations) - set(loader.applied_migrations)}
    migrated = loader.migrated_apps - pending
    models = [model for model in apps.get_models() if model._meta.app_label in migrated]
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in (model._meta for model in models if model._meta.can_migrate(connection)):
            described = (
                connection.introspection.get_table_description(cursor, table.db_table)
                if table.db_table in tables
                else []
            )
            columns = {column.name for column in described}
            for field in table.local_concrete_fields:
                if field.column not in columns:
                    return f"{table.db_table}.{field.column}"
    return ""
