"""The course secret, and the seeds of the three families of inputs.

A family has one structure for all students (`structure_seed`), which no secret touches, so that the same code earns the
same marks whatever the secret; a student's own numbers come from the secret.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

from autograder.errors import CourseError
from autograder.records import Course

VARIABLE: Final = "AUTOGRADER_SECRET_FILE"
_AUDITED: Final = 100  # of so many submissions, one is graded in two ways

Family: TypeAlias = Literal["public", "hidden", "explain"]


def path(course: Course, environment: Mapping[str, str] = os.environ) -> Path:
    """Where the secret is: what AUTOGRADER_SECRET_FILE names, else `secret_file` of course.toml."""
    named = environment.get(VARIABLE)
    return Path(named) if named else course.secret_file


def load(course: Course) -> bytes:
    """The course secret, made on first use and readable by its owner alone.

    A file of one's own may hold anything that is not empty; whoever can guess it can know the hidden inputs. Raises
    CourseError where it cannot be made or read, or is empty.
    """
    if course.passing_secret:
        return course.passing_secret
    place = path(course)
    try:
        _make(place)
        secret = place.read_bytes().strip()
    except OSError as error:
        advice = (
            ": who made it may give its group the right to read it (chmod g+r)"
            if _is_others(error, place)
            else ""
        )
        raise CourseError(
            f"the course secret {place} cannot be read or made: {error.strerror or error}{advice}"
        ) from None
    if not secret:
        raise CourseError(f"the course secret {place} is empty: move it away, and a new one is made")
    return secret


def without_making(course: Course) -> Course:
    """The course with a secret for this once where it has none yet, for what must write nothing."""
    return course if path(course).exists() else replace(course, passing_secret=secrets.token_hex(32).encode())


def seed(secret: bytes, family: Family, unit: str, student: str, function: str) -> int:
    """The seed of the numbers in one family of inputs for one student's function: two students see different ones."""
    text = "\0".join((family, unit, student, function))
    mac = hmac.new(secret, text.encode("utf-8", "surrogateescape"), hashlib.sha256)
    return int.from_bytes(mac.digest()[:16], "little")


def is_audited(secret: bytes, unit: str, student: str, digest: str) -> bool:
    """Whether a submission is one of those that are graded in two ways: one in a hundred, and nobody can tell which."""
    text = "\0".join(("audit", unit, student, digest))
    mac = hmac.new(secret, text.encode("utf-8", "surrogateescape"), hashlib.sha256)
    return int.from_bytes(mac.digest()[:8], "little") % _AUDITED == 0


def public_seed(course: Course, unit: str, function: str) -> int:
    """The seed of the numbers in the public inputs, the same for everyone."""
    return _open(course.public_seed, unit, function)


def structure_seed(public_seed: int, family: Family, unit: str, function: str) -> int:
    """The seed of what is the same for every student and every secret in one family of inputs."""
    return _open(public_seed, "structure", family, unit, function)


def _open(*parts: object) -> int:
    """A seed that whoever knows the parts can work out."""
    return int.from_bytes(hashlib.sha256("\0".join(map(str, parts)).encode()).digest()[:16], "little")


def fingerprint(secret: bytes) -> str:
    """By which a changed secret is noticed; tells nothing of it."""
    return hmac.new(secret, b"fingerprint", hashlib.sha256).hexdigest()[:16]


def _is_others(error: OSError, place: Path) -> bool:
    """Whether it is there, and another's: of several instructors, one made it."""
    return isinstance(error, PermissionError) and os.path.exists(place)


def _make(place: Path) -> None:
    """Makes the secret where there is none: two runs that start at once agree on one."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, place)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)
