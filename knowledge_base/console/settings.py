"""Django's settings for the console, made from `customs.settings` and nothing else: no secret stands here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from customs.settings import Settings
from knowledge_base.console.catalogues import compile_catalogues
from knowledge_base.console.database import database
from knowledge_base.console.exposure import exposure
from knowledge_base.console.secrets import kept_secret

_settings = Settings()
_exposure = exposure(_settings)
BASE = Path(__file__).resolve().parent
HOME = _settings.var_dir / "console"  # database, secret, uploads, compiled words, collected files
HOME.mkdir(parents=True, exist_ok=True)

SECRET_KEY = _settings.console_secret or kept_secret(HOME / "secret")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_exposure.hosts]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _exposure.hosts]

# The parts of the console, each with its models, pages (urls.py), menu (wagtail_hooks.py), templates and words.
PARTS = ("accounts", "guidance", "workflow", "review", "publishing", "unanswered", "reports", "exchange")

INSTALLED_APPS = [
    *(f"knowledge_base.console.{part}" for part in PARTS),
    "wagtail.sites",
    "knowledge_base.console.accounts.apps.MembersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "knowledge_base.console.proxies.Health",
    "knowledge_base.console.proxies.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "knowledge_base.console.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "knowledge_base.console.sessions.EndsAfterLastAct",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "knowledge_base.console.security.RefusesNul",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
for _part in PARTS:  # a part may bring a middleware of its own, such as the one that asks for a new password
    if find_spec(f"knowledge_base.console.{_part}.middleware"):
        MIDDLEWARE.insert(-1, f"knowledge_base.console.{_part}.middleware.Middleware")

ROOT_URLCONF = "knowledge_base.console.urls"
WSGI_APPLICATION = "knowledge_base.console.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": database(_settings.console_database_url, HOME / "console.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

# --- who may come in
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
WAGTAILADMIN_USER_LOGIN_FORM = "knowledge_base.console.accounts.forms.SignInForm"
ONE_TIME_PASSWORD_DAYS = _settings.console_one_time_password_days
# Name and address together: somebody who guesses at a colleague's password locks himself out, not the colleague.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_HANDLER = "knowledge_base.console.accounts.throttling.Throttling"
ADDRESS_FAILURE_LIMIT = _settings.console_address_failures  # under whatever names; many staff may share one address
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
OTP_TOTP_ISSUER = "Green Channel"
SECOND_FACTOR_REQUIRED = _settings.console_second_factor

SESSION_COOKIE_AGE = _settings.console_session_minutes * 60
SESSION_SAVE_EVERY_REQUEST = False  # the time-out counts from the last act of a person: sessions.py
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "console_session"
CSRF_COOKIE_NAME = "console_csrf"
CSRF_COOKIE_HTTPONLY = False  # Wagtail's scripts read it
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_HSTS_INCLUDE_SUBDOMAINS = _exposure.tls
SECURE_HSTS_SECONDS = 31_536_000 if _exposure.tls else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _exposure.tls else None
X_FRAME_OPTIONS = "SAMEORIGIN"  # the preview is a frame of the same site
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # wants no frames at all
    "security.W021",  # wants the domain in the browsers' own lists for good, which is its owner's to decide
]

# --- language and time
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("ar", "العربية"), ("fr", "Français")]
LOCALE_PATHS = [compile_catalogues(BASE, HOME / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
WAGTAIL_I18N_ENABLED = False  # translations are parts of an entry, not pages of their own

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE / "static"] if (BASE / "static").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()  # collected by `customs console`; found one by one before
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = HOME / "uploads"
MEDIA_URL = ""  # uploads are read by the console itself and never served as files
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # an entry with its questions in eight languages has some hundred rows
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Wagtail
WAGTAIL_SITE_NAME = "Green Channel"
WAGTAILADMIN_BASE_URL = _settings.console_url or f"http://127.0.0.1:{_settings.console_port}"
WAGTAIL_ENABLE_UPDATE_CHECK = False  # nothing calls home
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_AUTOSAVE_INTERVAL = 0  # an autosave would write into a revision that somebody else began
WAGTAIL_PASSWORD_RESET_ENABLED = False  # no mail server is needed; a manager gives a new one-time password
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_NOTIFICATION_USE_HTML = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "knowledge_base.console.workflow.finishing.publish_approved"
GUIDANCE_LANGUAGES = _settings.languages  # those in which answers are written and found

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": _settings.log_level.upper()},
    "loggers": {name: {"level": "WARNING"} for name in ("axes", "django_tasks", "wagtail")},  # a line for every save
}
