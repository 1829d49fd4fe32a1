"""The secrets of providers that have no beginning of their own: how they look in the middle or at the end."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Shape:
    """A secret without a beginning of its own; it is looked for only in texts that hold the hint."""

    rule: str
    hint: str
    pattern: re.Pattern[str]


SHAPES: Final = tuple(
    Shape(rule, hint, re.compile(pattern, re.ASCII))
    for rule, hint, pattern in (
        ("telegram-token", ":AA", r"(?<![0-9])[0-9]{8,10}:AA[\w-]{30,}"),
        ("mailchimp-key", "-us", r"(?<![0-9A-Za-z])[0-9a-f]{32}-us[0-9]{1,2}(?![0-9A-Za-z])"),
        ("mailgun-key", "-", r"(?<![0-9A-Za-z])[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![0-9A-Za-z-])"),
        ("terraform-token", ".atlasv1.", r"[A-Za-z0-9]{10,20}\.atlasv1\.[\w=-]{30,}"),
        ("azure-client-secret", "Q~", r"(?<![A-Za-z0-9~.])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{26,}"),
        (
            "azure-key",
            "+A",
            r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,76}\+A(?:MC|RM|SB|Eh|St|CR|Ba)[A-Za-z0-9+/]{4,}={0,2}",
        ),
        (
            "azure-key",
            "Az",
            r"(?<![A-Za-z0-9+/_-])[\w-]{44}AzF[A-Za-z]\w{4,8}={0,2}|(?<![A-Za-z0-9+/])[A-Za-z0-9]{42}AzS[A-Za-z]\w{5,8}",
        ),
        ("azure-key", "JQQJ99", r"(?<![A-Za-z0-9])[A-Za-z0-9]{40,60}JQQJ99[A-Za-z0-9]{20,}"),
        (
            "new-relic-key",
            "NRAL",
            r"(?<![A-Za-z0-9])[0-9a-f]{30,36}FFFFNRAL|(?<![A-Za-z0-9])[0-9a-f]{36}NRAL",
        ),
        ("rapidapi-key", "msh", r"(?<![A-Za-z0-9])[a-z0-9]{10}msh[a-z0-9]{15}p1[a-z0-9]{6}jsn[a-z0-9]{12}"),
        (
            "password-hash",
            "$",
            r"\$2[abxy]\$[0-9]{2}\$[A-Za-z0-9./]{50,}|\$(?:5|6|7|y|gy|argon2(?:id|i|d))\$[\w./=$,+-]{30,}",
        ),
        ("password-hash", "$", r"\$(?:1|apr1)\$[A-Za-z0-9./]{1,8}\$[A-Za-z0-9./]{22}"),
        ("maxmind-key", "_mmk", r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
        ("facebook-token", "|", r"(?<![0-9A-Za-z])[0-9]{15,17}\|[\w-]{27}(?![\w-])"),
        ("fcm-server-key", ":APA91b", r"(?<![\w-])[\w-]{11}:APA91b[\w-]{100,}"),
        (
            "discord-token",
            ".",
            r"[MNO](?<![A-Za-z0-9.].)(?=[\w.-]{0,90}[0-9])[\w-]{22,28}\.[\w-]{6}\.[\w-]{27,}",
        ),
    )
)
