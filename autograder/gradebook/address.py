"""Where a gradebook is: the file in the course folder, or the server's database that `nbgrader_config.py` there names.

nbgrader's `c.CourseDirectory.db_url` is followed where it names a server, such as PostgreSQL. All else here calls a gradebook
by the place of its file, which need not be there then.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.gradebook import settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


def of(gradebook: Path) -> str | None:
    """The server's database that stands for the gradebook at this place, as SQLAlchemy's URL; None where it is a file.

    CourseError where the configuration cannot be run, or names another file.
    """
    config = gradebook.with_name(settings.CONFIG)
    try:
        program = config.read_bytes()
    except OSError:
        return None
    return _of(gradebook.absolute(), config.absolute(), program) if b"db_url" in program else None


def exists(gradebook: Path) -> bool:
    """Whether there is a gradebook at this place that holds anything; of a server's it is not known, and taken for granted."""
    return of(gradebook) is not None or (gradebook.exists() and gradebook.stat().st_size > 0)


def shown(gradebook: Path) -> str:
    """The gradebook's place for people: a server's without the password."""
    from sqlalchemy import make_url

    server = of(gradebook)
    return str(gradebook) if server is None else make_url(server).render_as_string(hide_password=True)


def engine(server: str) -> Engine:
    """The way to a server's database; CourseError where what that needs is not installed, or nobody knows its kind."""
    from sqlalchemy import NullPool, create_engine, make_url
    from sqlalchemy.exc import ArgumentError

    try:
        if make_url(server).get_backend_name() == "postgresql":
            # What one of them reads, nobody has changed when it writes; else it is told, and nothing is written.
            return create_engine(server, poolclass=NullPool, isolation_level="REPEATABLE READ")
    except ModuleNotFoundError as error:
        raise CourseError(
            f"{settings.CONFIG}: db_url needs {error.name}, which is not installed: pip install 'psycopg[binary]'"
        ) from None
    except ArgumentError as error:
        raise CourseError(f"{settings.CONFIG}: db_url: {error}") from None
    raise CourseError(f"{settings.CONFIG}: db_url: of servers, PostgreSQL alone is known: postgresql://…")


@lru_cache(maxsize=16)
def _of(gradebook: Path, config: Path, program: bytes) -> str | None:
    url = str(settings.load(config).get("CourseDirectory", {}).get("db_url", ""))
    if not url.startswith("sqlite:"):
        return url or None
    if gradebook.parent / url.removeprefix("sqlite:///") != gradebook:
        raise CourseError(
            f"{config}: db_url names another file than {gradebook.name} beside it: leave it out, or name a server's database"
        )
    return None
