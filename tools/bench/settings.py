"""Settings of the portal plus those of the floor: Django's own sessions and login."""

import os
from pathlib import Path

from portaal.settings import *  # noqa: F403 - a settings module
from portaal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sessions"]
ROOT_URLCONF = "tools.bench.urls"
SESSION_COOKIE_NAME = "floor"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend"
]  # for the floor only; the portal's login does not use it
STATIC_ROOT = Path(os.environ["BENCH_STATIC"])  # collected once for all measured databases
