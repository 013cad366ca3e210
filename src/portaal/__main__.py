"""Command `portaal`.

Its acts: serve, worker, demo, keys, office, manager, roles, block, unblock, journal, files, check.
"""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portaal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["portaal", *sys.argv[1:]])


if __name__ == "__main__":
    main()
