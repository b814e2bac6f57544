"""The console's part of the settings: middleware, templates, static files, sign-in, content security.

Environment: RAINCHECK_HOSTS (names this installation answers to), RAINCHECK_HTTPS=1 (it is reached by HTTPS only:
secure cookies, HSTS, redirect), RAINCHECK_PROXIES (how many proxies of ours stand in front), RAINCHECK_PUBLIC_URL
(where customers reach it: links in messages begin with it, and its name is one that this installation answers to).
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from raincheck.config.data_folder import data_folder
from raincheck.config.public_url import host_of, parse_public_url

HTTPS = os.environ.get("RAINCHECK_HTTPS") == "1"
PROXIES = int(os.environ.get("RAINCHECK_PROXIES") or 0)

PUBLIC_URL = parse_public_url(os.environ.get("RAINCHECK_PUBLIC_URL"))

ALLOWED_HOSTS = [
    host.strip() for host in os.environ.get("RAINCHECK_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host.strip()
]
if host_of(PUBLIC_URL) not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(host_of(PUBLIC_URL))

MIDDLEWARE = [
    # Answers calls of the API itself: none of the rest runs for them.
    "raincheck.api.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "raincheck.web.middleware.PersonMiddleware",
    "raincheck.web.middleware.ReadableTextMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The console's own folder comes first, so that its pages stand in for allauth's.
        "DIRS": [Path(__file__).parents[1] / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "raincheck.web.context.shell",
            ],
            "builtins": ["raincheck.web.templatetags.console", "django.contrib.humanize.templatetags.humanize"],
        },
    }
]
# Customers' pages have words of their own; they win over what other packages call the same.
LOCALE_PATHS = [Path(__file__).parents[1] / "web" / "locale"]
FORM_RENDERER = "raincheck.web.forms.ConsoleFormRenderer"

# Static files: hashed and compressed once `collectstatic` ran, straight from the package until then.
STATIC_URL = "/static/"
STATIC_ROOT = data_folder() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "raincheck.web.static_files.ConsoleStaticStorage"},
}
WHITENOISE_USE_FINDERS = True

# Sign-in. Nobody signs up: people are added in Settings or on the command line.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "raincheck.web.accounts.ConsoleAccountAdapter"
ACCOUNT_FORMS = {"login": "raincheck.web.accounts.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/m/key",
    # Customers' pages: asking for a link (by order), doing something (by link).
    "customer_link": "10/m/ip,3/h/key",
    "customer_act": "60/m/ip,30/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Raincheck"

# Several processes count attempts together, so the counts lie in the database (an unlogged table).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Sessions and forms
SESSION_COOKIE_NAME = "raincheck_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "raincheck_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "raincheck.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if HTTPS else []
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Transport and content security
SECURE_SSL_REDIRECT = HTTPS
# Probes of the machine itself come without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
        # Tabler's form marks and the second factor's QR code are data: images.
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
APPEND_SLASH = False
