"""Tell a bug of a reader from a damaged file, although libraries raise all kinds of errors for both."""

import re
from types import ModuleType

_NEVER_OF_A_FILE = (NameError, ImportError, PermissionError)
_WRONG_CALL = re.compile(r"\(\) (?:takes|missing|got an unexpected keyword|got multiple values)")


def raise_bug(error: Exception) -> None:
    """Raise an error again if no file can cause it: it is a bug, and must not pass for damage.

    >>> raise_bug(ValueError("not a number"))
    >>> raise_bug(NameError("name 'tex' is not defined"))
    Traceback (most recent call last):
    NameError: name 'tex' is not defined
    """
    is_missing = isinstance(error, AttributeError) and isinstance(error.obj, ModuleType)
    is_wrong_call = isinstance(error, TypeError) and _WRONG_CALL.search(str(error))
    if isinstance(error, _NEVER_OF_A_FILE) or is_missing or is_wrong_call:
        raise error
