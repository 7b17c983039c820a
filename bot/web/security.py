"""Who may do what: signed conversation ids, the origin check and the response headers."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import Problem, no_such_conversation


def session_secret(var_dir: Path) -> str:
    """The key kept in `var_dir`, made at the first call; processes that start together agree on one."""
    path = var_dir / "session.secret"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        draft = var_dir / f"session.secret.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # unlike a rename, this never replaces the key that another process made
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


class Conversations:
    """Makes conversation ids that cannot be guessed and tells its own from forged ones."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, salt="conversation", digest_method=hashlib.sha256)
        self._secret = secret

    def new(self) -> str:
        """A new id, as Rasa and the transcripts know it."""
        return "web-" + secrets.token_urlsafe(16)

    def sign(self, conversation: str) -> str:
        """The id as its owner gets it: whoever holds this may read, continue and delete the conversation."""
        return self._signer.sign(conversation).decode()

    def check(self, signed: str) -> str:
        """The id inside `signed`; raises a 404 `Problem` for anything that we have not signed."""
        try:
            return self._signer.unsign(signed.encode("utf-8", "replace")).decode()
        except BadSignature:
            raise no_such_conversation() from None

    def origin(self, address: str) -> str:
        """A stand-in for a caller's address, which is never stored itself."""
        return hashlib.sha256(f"{self._secret}|{address}".encode()).hexdigest()[:32]


def check_origin(headers: Headers, allowed: frozenset[str]) -> None:
    """Raise a 403 `Problem` when a browser sends this from another site; `allowed` holds origins like https://example.org.

    Callers that are no browser send no Origin header and pass: they have no cookie that a site could misuse.
    """
    origin = headers.get("origin")
    if origin is None:
        foreign = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
    else:
        # Only the host is compared: behind a TLS proxy the scheme that we see is not the one that the browser sees.
        foreign = origin not in allowed and _host(origin) != headers.get("host", "")
    if foreign:
        message = f"The page at {origin or 'another site'} may not send messages here; see CUSTOMS_ALLOWED_ORIGINS."
        raise Problem(403, "foreign_origin", message)


def _host(origin: str) -> str | None:
    """Host and port of an origin; None for "null" and nonsense."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def headers_of(allowed: frozenset[str], secure: bool) -> dict[str, str]:
    """The security headers of every response; `allowed` origins may frame the page."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": " ".join(sorted(allowed)) or "'none'",
        "require-trusted-types-for": "'script'",
        # The one policy of static/more.js, which knows no address but the service worker's.
        "trusted-types": "worker",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: with that, browsers send "Origin: null" with the page's own form.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if not allowed:
        headers["X-Frame-Options"] = "DENY"
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


# What style sheets, scripts and pictures need; the rest is about documents and would only make the first load larger.
FILES = ("/static/", "/manifest.webmanifest", "/launcher.js")
OF_FILES = ("X-Content-Type-Options", "Cross-Origin-Resource-Policy", "Strict-Transport-Security")


class SecurityHeaders:
    """ASGI middleware that adds `headers` to every response and forbids keeping those that say nothing about it.

    `FILES` get those of `OF_FILES` and a policy that lets a picture, opened as a page, do nothing.
    """

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers
        self.file_headers = {name: value for name, value in headers.items() if name in OF_FILES}
        self.file_headers["Content-Security-Policy"] = "default-src 'none'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                given = self.file_headers if scope["path"].startswith(FILES) else self.headers
                for name, value in given.items():
                    present.setdefault(name, value)
                present.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
