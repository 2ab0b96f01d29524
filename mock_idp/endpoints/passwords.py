"""Whether a password is somebody's. Passwords are compared and dropped; they are never kept or logged."""

from hmac import compare_digest

from mock_idp.directory.models import User


def fits(user: User, password: str) -> bool:
    """Whether this is the user's password; where none is declared any will do, but not none."""
    if user.password is None:
        return bool(password)
    return compare_digest(user.password.encode(), password.encode())
