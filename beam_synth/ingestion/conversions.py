"""What a value stands for where a field wants a number or a text.

Files pass through many hands before they come here: a column of whole numbers with a gap becomes
one of floats, a CSV has text alone, a table keeps decimals. None of that changes what is meant.
"""

from __future__ import annotations

import datetime
import decimal
import re
import uuid

_WHOLE = re.compile(r"\s*([+-]?[0-9]{1,19})(?:\.0*)?\s*", re.ASCII)
_ITEM = re.compile(r"Q([1-9][0-9]{0,18})", re.ASCII)
_INT64 = 2**63
_EXACT = 2.0**53  # from here on a float stands for several whole numbers


def is_missing(value: object) -> bool:
    """Whether there is no value: null, a float that is no number (as pandas writes null), blank.

    >>> [is_missing(value) for value in (None, float("nan"), " ", 0, "a")]
    [True, True, True, False, False]
    """
    if isinstance(value, str):
        return not value.strip()
    return value is None or value != value


def whole_number(value: object) -> int | None:
    """The 64-bit whole number that a value stands for; None where it stands for none.

    A float counts where it is whole and exact, a text where it is such a number.

    >>> [whole_number(value) for value in (123, 123.0, "123", " 123.0", decimal.Decimal("123.0"))]
    [123, 123, 123, 123, 123]
    >>> [whole_number(value) for value in (1.5, "12x", True, 2**63, 1e300, None)]
    [None, None, None, None, None, None]
    """
    number: int | None = None
    if type(value) is int:
        number = value
    elif isinstance(value, float):
        number = int(value) if value.is_integer() and abs(value) < _EXACT else None
    elif isinstance(value, str):
        match = _WHOLE.fullmatch(value)
        number = int(match.group(1)) if match else None
    elif isinstance(value, decimal.Decimal) and value.is_finite() and abs(value) < _INT64:
        number = int(value) if value == value.to_integral_value() else None
    return number if number is not None and -_INT64 <= number < _INT64 else None


def item_number(name: str) -> int | None:
    """The number of a Wikidata item; None for what is none, or beyond 64 bits.

    >>> item_number("Q42"), item_number("P42"), item_number("Q99999999999999999999")
    (42, None, None)
    """
    match = _ITEM.fullmatch(name)
    number = int(match.group(1)) if match else _INT64
    return number if number < _INT64 else None


def text_value(value: object) -> str | None:
    """The text that a value stands for; "" where there is none, None where it stands for none.

    A whole number is its digits, whatever type it has; bytes are UTF-8; a time is as ISO 8601.
    Truth values, lists and objects are no text.

    >>> [text_value(value) for value in ("a", b"a", 5, 5.0, 0.5, decimal.Decimal("5.20"), None)]
    ['a', 'a', '5', '5', '0.5', '5.20', '']
    >>> text_value(True), text_value(["a"]), text_value(b"\\xff"), text_value(float("inf"))
    (None, None, None, None)
    """
    if isinstance(value, str):
        return value
    if type(value) is int and -_INT64 <= value < _INT64:
        return str(value)
    if is_missing(value):
        return ""
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | decimal.Decimal):
        return _digits(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else None


def _digits(value: int | float | decimal.Decimal) -> str | None:
    if isinstance(value, int) and abs(value) >= 2**64:  # as JSON has none, and slow to write
        return None
    number = whole_number(value)
    if number is not None:
        return str(number)
    if isinstance(value, decimal.Decimal):
        return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < 100 else None
    return repr(value) if abs(value) != float("inf") else None
