"""The only place that reads the environment: every setting, its name and its default."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

EMBEDDED_DATA_DIR = Path(__file__).resolve().parent.parent / "var"


class Misconfigured(RuntimeError):
    """A setting that the operator has to give or to mend; the message says which and how."""


def from_environment(env: Mapping[str, str] = os.environ) -> dict:
    """The Flask settings for this process, read from the environment variables named in docs/operating.md."""
    data_dir = Path(env.get("DATA_DIR", EMBEDDED_DATA_DIR))
    embedded = "DATABASE_URL" not in env
    secret = env.get("SECRET_KEY") or _stored_secret(data_dir)
    if not secret and not embedded:
        raise Misconfigured(
            "SECRET_KEY is not set. Give a long random string, e.g. from `openssl rand -hex 32`."
        )
    broker = env.get("CELERY_BROKER_URL", "")
    return {
        "DATA_DIR": data_dir,
        "SECRET_KEY": secret or "embedded-try-out",
        "SQLALCHEMY_DATABASE_URI": env.get("DATABASE_URL")
        or f"sqlite:///{data_dir}/concord.sqlite",
        "CELERY_BROKER_URL": broker,
        "RATELIMIT_STORAGE_URI": env.get("REDIS_URL") or "memory://",
        "SMTP_URL": env.get("SMTP_URL", "smtp://127.0.0.1:1025"),
        "MAIL_FROM": env.get("MAIL_FROM", "Concord <concord@example.org>"),
        "MAIL_REPLY_HOST": env.get("MAIL_REPLY_HOST", "").strip().lower() or None,
        "MAIL_CATCHER_DIR": env.get("MAIL_CATCHER_DIR"),
        "BASE_URL": env.get("BASE_URL", "http://127.0.0.1:5000").rstrip("/"),
        "METRICS_TOKEN": env.get("CONCORD_METRICS_TOKEN", ""),
        "DEMO": env.get("CONCORD_DEMO") == "1",
        "BURST_SECONDS": int(env.get("CONCORD_BURST_SECONDS", "60")),
        "MAIL_LEASE_SECONDS": int(env.get("CONCORD_MAIL_LEASE_SECONDS", "300")),
        "HOOK_SECONDS": int(env.get("CONCORD_HOOK_SECONDS", "10")),
        "HOOK_LEASE_SECONDS": int(env.get("CONCORD_HOOK_LEASE_SECONDS", "60")),
        "HOOK_LOG_DAYS": int(env.get("CONCORD_HOOK_LOG_DAYS", "90")),
        "HOOKS_TO_LOOPBACK": env.get("CONCORD_DEMO") == "1",
        "BUILD_LEASE_SECONDS": int(env.get("CONCORD_BUILD_LEASE_SECONDS", "30")),
        "DOCUMENT_DAYS": int(env.get("CONCORD_DOCUMENT_DAYS", "365")),
        "TYPESETTING_SECONDS": int(env.get("CONCORD_TYPESETTING_SECONDS", "180")),
        "TYPESETTING_STAY_SECONDS": int(env.get("CONCORD_TYPESETTING_STAY_SECONDS", "300")),
        "TYPESETTING_MEMORY_MB": int(env.get("CONCORD_TYPESETTING_MEMORY_MB", "3072")),
        "TRUSTED_PROXIES": int(env.get("TRUSTED_PROXIES", "0")),
        "MAX_CONTENT_LENGTH": 4 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": env.get("BASE_URL", "").startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "en",
        "LANGUAGES": {"en": "English", "sl": "Slovenščina"},
        "DOCUMENT_LANGUAGES": {"en": "English", "sl": "Slovenščina", "de": "Deutsch"},
        "INVITATION_DAYS": 14,
        "ROUND_DAYS": 1,
        "GUEST_CONFIRMATION_DAYS": 3,
        "GUEST_PAGE_DAYS": 180,
        "RATELIMIT_ENABLED": env.get("CONCORD_RATE_LIMITS", "1") == "1",
    }


def _stored_secret(data_dir: Path) -> str | None:
    """The key that the embedded runner made once for this data folder."""
    file = data_dir / "secret-key"
    return file.read_text().strip() if file.is_file() else None
