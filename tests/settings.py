"""Settings of the tests: a data folder for each process, fast, independent of the machine."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="portaal-tests-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)

for name in [name for name in os.environ if name.startswith("PORTAAL_")]:
    if name != "PORTAAL_PLAIN":  # of `make test-plain`
        del os.environ[name]  # a setting of the machine must not change a test
os.environ["PORTAAL_MODE"] = "development"
os.environ["PORTAAL_DATA_DIR"] = str(DATA)
os.environ["PORTAAL_KEYS_FILE"] = str(DATA / "keys")
os.environ["PORTAAL_NOTICE_QUIET_SECONDS"] = "0"

from portaal.settings import *  # noqa: E402, F403 - the environment above comes first
from portaal.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that two connections behave like two processes. Data need not survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
