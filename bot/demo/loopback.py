"""Keeps the demo's page to this machine: only loopback may ask, in JSON, and the page loads nothing from elsewhere."""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class LoopbackOnly:
    """Refuses what a foreign page could send here: another host name (DNS rebinding), another origin, a plain form."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refusal = refused(scope["method"], Headers(scope=scope))
        app = JSONResponse({"error": refusal}, 403) if refusal else self.app
        await app(scope, receive, send_guarded)


def refused(method: str, headers: Headers) -> str | None:
    """Why a request is not served; None when it may pass."""
    host, origin = headers.get("host", ""), headers.get("origin")
    if not is_loopback(host):
        return "This page answers only on loopback."
    if origin is not None and origin != f"http://{host}":
        return "This page answers only to itself."
    if method == "POST" and headers.get("content-type", "").split(";")[0].strip() != "application/json":
        return "This page takes JSON only."
    return None


def is_loopback(host: str) -> bool:
    """Whether a Host header (with or without a port) names this machine's loopback."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
