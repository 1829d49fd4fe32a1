"""Tell a reason after "none" from a reservation that makes it doubtful."""

import re
from typing import Final

_BEGINNINGS: Final = """
except apart aside beside but however though although despite beyond other than fail error warn issue
problem miss unclear ambig slow time retr never without skip block wrong broke stop crash lost lose manual
workaround should could would might must need want pend remain still yet unless until todo tbd unknown
unsure maybe perhaps assum second again twice minor degrad flak partial defer postpon disabl fix resolv
revert rolled rollback correct ignor down later after before unexpected wait stuck corrupt stale delay
deni deny refus reject reset conflict drop leak exceed limit unable can't cannot incomplete
"""

_FLAG: Final = "?？⚠❌✗✘🔴🟡❗"

_RESERVED: Final = re.compile(
    rf"\b(?:{'|'.join(_BEGINNINGS.split())}|(?<!-)only|not\b|see\b|[45][0-9]{{2}}\b"
    r"|no\b(?! (?:code |file |contract )?changes?\b))|n't\b"
    r"|ただし|しかし|除|以外|のみ|だけ|失敗|エラー|未|不|必要|べき|今後|将来|警告|注意|遅|再|手動|一部|残|別途|後で"
    rf"|できな|ません|なかった|但|只|失败|错误|[{_FLAG}]"
)

_REASON: Final = re.compile(
    r"\b(?:\w+[- ]only|documentation|docs?|analysis|review|dry[- ]run|plan(?:ning)?|trivial|small|simple"
    r"|routine|clear|sufficient|adequate|covered|expected|straightforward|standard"
    r"|no (?:code |file |contract )?changes?)\b"
    r"|明確|十分|詳細|適切|良好|満たし"
)


def explains(aside: str) -> bool:
    """Return whether a text in lower case gives a reason without a reservation."""
    return _REASON.search(aside) is not None and not is_reserved(aside)


def is_reserved(aside: str) -> bool:
    """Return whether a text in lower case may tell of a trouble."""
    return _RESERVED.search(aside) is not None


def is_flagged(clause: str) -> bool:
    """Return whether a clause has a question mark or a sign of trouble."""
    return any(sign in clause for sign in _FLAG)
