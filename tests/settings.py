"""Settings for tests: a separate database, a fast hasher, and tasks that run at once."""

import os
import tempfile

os.environ["ENV_FILE"] = os.devnull
os.environ["DEBUG"] = "1"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="kumfa-test-")
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from kumfa.settings import *  # noqa: F403
from kumfa.settings import BASE_DIR, DATABASES, INSTALLED_APPS, VAR_DIR

DATABASES["default"]["OPTIONS"].pop("pool", None)
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # The test database is deleted afterwards, so commits do not wait for the disk. A forgotten transaction must not
    # stop the run: a test that waits for its locks fails.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off -c lock_timeout=90s"

# A real hasher would cost each test 50 ms. Another test asserts that Argon2 comes first in kumfa.settings.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS += ["tests.pigeon"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
PUBLISHER_THREADS = 0
USE_DATABASE_CLOCK = False  # tests move the clock of this process
SMS_GATEWAYS = [f"file://{VAR_DIR}/messages.jsonl"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Otherwise each test client would read the folder of static files first: a sixth of a test's time.
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = BASE_DIR / "static"
