"""Private keys in all the shapes that they are pasted in."""

import base64
import json
import random
import string
from collections.abc import Callable, Mapping

import pytest

from sync.redaction.redact import redact

BASE64 = string.ascii_letters + string.digits + "+/"


def body(lines: int, seed: int = 1) -> list[str]:
    """Return the lines of a key."""
    rng = random.Random(seed)  # noqa: S311 - samples, not keys
    rows = ["".join(rng.choice(BASE64) for _ in range(64)) for _ in range(lines)]
    return [*rows, "".join(rng.choice(BASE64) for _ in range(22)) + "=="]


def pem(kind: str = "RSA PRIVATE KEY", lines: int = 24, header: tuple[str, ...] = ()) -> str:
    """Return a key as a file."""
    return "\n".join((f"-----BEGIN {kind}-----", *header, *body(lines), f"-----END {kind}-----"))


WRITTEN: Mapping[str, Callable[[], str]] = {
    "PKCS#1": pem,
    "PKCS#8": lambda: pem("PRIVATE KEY"),
    "EC": lambda: pem("EC PRIVATE KEY", 2),
    "DSA": lambda: pem("DSA PRIVATE KEY"),
    "encrypted": lambda: pem("ENCRYPTED PRIVATE KEY"),
    "OpenSSH": lambda: pem("OPENSSH PRIVATE KEY"),
    "PGP": lambda: pem("PGP PRIVATE KEY BLOCK", header=("Version: GnuPG v2", "")),
    "with headers": lambda: pem(header=("Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0011223344", "")),
    "in a quotation": lambda: "> " + pem().replace("\n", "\n> "),
    "indented": lambda: "    " + pem().replace("\n", "\n    "),
    "in a diff": lambda: "+" + pem().replace("\n", "\n+"),
    "in a table row": lambda: "| " + pem().replace("\n", " |\n| ") + " |",
    "in JSON": lambda: json.dumps({"private_key": pem("PRIVATE KEY") + "\n", "type": "service_account"}),
    "in JSON in JSON": lambda: json.dumps({"x": json.dumps({"private_key": pem("PRIVATE KEY") + "\n"})}),
    "in an environment file": lambda: 'KEY="' + pem().replace("\n", "\\n") + '"',
    "on one line": lambda: pem().replace("\n", " "),
    "with CRLF": lambda: pem().replace("\n", "\r\n"),
    "without its end": lambda: pem().rsplit("\n", 1)[0] + "\n\nThat was the key.\n",
    "without its beginning": lambda: pem().split("\n", 1)[1],
    "in a string of code": lambda: "\n".join(f'  "{line}\\n" +' for line in pem().split("\n")),
    "in a kubeconfig": lambda: "client-key-data: " + base64.b64encode(pem().encode()).decode(),
    "PuTTY": lambda: "Private-Lines: 14\n" + "\n".join(body(13)) + "\nPrivate-MAC: 00",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_no_line_of_a_private_key_gets_through(written: str) -> None:
    """Its lines are replaced one by one, so that there are as many as before, and it counts once."""
    text = f"Before.\n\n{WRITTEN[written]()}\n\nAfter, as it was."
    redacted = redact(text)
    secret = "".join((*body(24), *body(2), *body(13), text.partition("client-key-data: ")[2].split("\n")[0]))
    assert [
        secret[at : at + 8] for at in range(len(secret) - 7) if secret[at : at + 8] in redacted.text
    ] == []
    assert redacted.text.count("\n") == text.count("\n")
    assert redacted.text.startswith("Before.\n\n")
    assert redacted.text.endswith("\n\nAfter, as it was.")
    assert redacted.counts == {"private-key": 1}
    assert redact(redacted.text).text == redacted.text


@pytest.mark.parametrize("kind", ["CERTIFICATE", "RSA PRIVATE KEY"])
def test_base64_may_be_cut_off_anywhere(kind: str) -> None:
    """Who shows only the beginning of a key in base64 cuts where he likes; a certificate's stays as it is."""
    whole = base64.b64encode(pem(kind).encode()).decode()
    for length in range(14, 120):
        for end in ("", "=", "==", "...", "=cut"):
            text = f"certificate-authority-data: {whole[:length]}{end}"
            assert kind != "CERTIFICATE" or redact(text).text == text
            assert redact(text).text.startswith("certificate-authority-data: ")
    assert whole[60:100] not in redact(f"Its data: {whole[:101]}").text or kind == "CERTIFICATE"


def test_public_parts_stay() -> None:
    """Certificates, certificate requests and public keys are no secret."""
    for kind in (
        "CERTIFICATE",
        "PUBLIC KEY",
        "CERTIFICATE REQUEST",
        "PGP PUBLIC KEY BLOCK",
        "SSH2 PUBLIC KEY",
    ):
        text = pem(kind)
        assert redact(text).text == text
    encoded = "certificate-authority-data: " + base64.b64encode(pem("CERTIFICATE").encode()).decode()
    assert redact(encoded).text == encoded
