"""The proxy in front of Notion: it answers in HTML, without a request id."""

import re

from sync.notion.emulator.exchange import HttpResponse

BODY_LIMIT = 500_000
"""Bytes. Notion says 500 KB; this is the smaller of its two readings."""

_ATTACK = re.compile(
    rb"/etc/(?:passwd|shadow|hosts)|<<-?\s*['\"\\]*EOF|\|\|\s*true\b|;\s*rm\s+-rf|\bunion\s+(?:all\s+)?select\b|"
    rb"'\s*or\s+'?1'?\s*=\s*'?1|<script\b|\bcurl\b[^\n|]{0,200}\|\s*(?:ba)?sh\b",
    re.IGNORECASE,
)


def looks_like_an_attack(body: bytes) -> bool:
    """Tell whether the firewall takes a text for an attack."""
    return _ATTACK.search(body) is not None


def blocked() -> HttpResponse:
    """Return the firewall's answer."""
    return html(
        403,
        "Attention Required! | Cloudflare",
        "Sorry, you have been blocked. You are unable to access notion.com.",
    )


def too_large() -> HttpResponse:
    """Return the answer to a body over the limit."""
    return html(413, "413 Request Entity Too Large", "cloudflare")


def html(status: int, title: str, text: str) -> HttpResponse:
    """Return a page of the edge."""
    head = f"<!DOCTYPE html><html><head><title>{title}</title></head>"
    body = f"{head}<body><h1>{title}</h1><p>{text}</p></body></html>"
    headers = {
        "content-type": "text/html; charset=UTF-8",
        "server": "cloudflare",
        "cf-ray": "8f0000000000beef-EMU",
    }
    return HttpResponse(status, headers, body.encode())
