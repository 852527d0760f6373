"""Foreign text on a terminal: what would steer it, or hide what is there, is shown instead of obeyed."""

from __future__ import annotations

import re

# Control codes, marks that turn the direction of writing, what has no width, line ends, half surrogate pairs.
_STEERING = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)


def harmless(text: str) -> str:
    r"""Return `text` on one line; white space becomes a space, and what steers a terminal becomes its code.

    >>> harmless("Kim\n\x1b[31mred\u202e")
    'Kim <1B>[31mred<202E>'
    """
    return _STEERING.sub(lambda match: f"<{ord(match.group()):02X}>", re.sub(r"[ \t\r\n]+", " ", text))


def harmless_json(line: str) -> str:
    r"""Write the same characters of a line of JSON as JSON can: parsed, it says what it said.

    >>> print(harmless_json('"\u202e"'))
    "\u202e"
    """
    return _STEERING.sub(lambda match: _escaped(ord(match.group())), line)


def _escaped(code: int) -> str:
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
