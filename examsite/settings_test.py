"""What differs under test: nothing leaves the process, and nothing is written beside the code."""

import atexit
import os
import shutil
import tempfile

if "PROBA_DATA_DIR" not in os.environ:
    os.environ["PROBA_DATA_DIR"] = tempfile.mkdtemp(prefix="proba-test-")
    # What this process starts is given the same folder and leaves it alone.
    atexit.register(shutil.rmtree, os.environ["PROBA_DATA_DIR"], ignore_errors=True)
os.environ.setdefault("EMBEDDED_WORKER", "false")

from examsite.settings import *  # noqa: F403
from examsite.settings import DATA_DIR, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
UNLOCK_ITERATIONS = 1_000  # the number travels with each wrapped key, so phones follow
# The intake writes on its own connection, so a test database has to be a file that both can open.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
