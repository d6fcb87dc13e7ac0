"""Times as LMSs write them in downloads, in their own words and in the course's time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autograder.gradebook import receipts

if TYPE_CHECKING:
    from dateutil.parser import parserinfo

_STAMP: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)")  # Blackboard's, in names of files
# January to December: English, German, French, Spanish, Italian, Dutch, Portuguese, Swedish
_MONTHS: Final = (
    "Jan January Januar janvier enero gennaio januari janeiro Jän",
    "Feb February Februar février fevrier febrero febbraio februari fevereiro",
    "Mar March März Maerz mars marzo maart março marco Mär Mrz",
    "Apr April avril abril aprile",
    "May Mai mayo maggio mei maio maj",
    "Jun June Juni juin junio giugno junho",
    "Jul July Juli juillet julio luglio julho",
    "Aug August août aout agosto augustus augusti",
    "Sep Sept September septembre septiembre settembre setembro",
    "Oct October Oktober octobre octubre ottobre outubro Okt",
    "Nov November novembre noviembre novembro",
    "Dec December Dezember décembre decembre diciembre dicembre dezembro Dez",
)
_WEEKDAYS: Final = (
    "Mon Monday Montag lundi lunes lunedì maandag segunda segunda-feira måndag",
    "Tue Tuesday Dienstag mardi martes martedì dinsdag terça terça-feira tisdag",
    "Wed Wednesday Mittwoch mercredi miércoles mercoledì woensdag quarta quarta-feira onsdag",
    "Thu Thursday Donnerstag jeudi jueves giovedì donderdag quinta quinta-feira torsdag",
    "Fri Friday Freitag vendredi viernes venerdì vrijdag sexta sexta-feira fredag",
    "Sat Saturday Samstag samedi sábado sabado zaterdag lördag",
    "Sun Sunday Sonntag dimanche domingo domenica zondag söndag",
)
_BETWEEN: Final = ("um", "uhr", "de", "à", "a", "las", "kl", "om", "às", "ore")


def of_stamp(stamp: str, zone: tzinfo) -> datetime | None:
    """The time that a name of a file says, `2026-03-02-12-00-00` in this zone: UTC without a zone; None for none."""
    found = _STAMP.fullmatch(stamp)
    try:
        return utc(datetime(*map(int, found.groups())), zone) if found else None  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


def of_text(text: str, zone: tzinfo, config: Path | None = None) -> datetime | None:
    """The time that a text says, in this zone where it names none: UTC without a zone; None where it says none.

    What a zone's abbreviation means is told by `config`, the course's `nbgrader_config.py`, as in receipts.
    """
    from dateutil import parser

    unknown = False

    def named(name: str | None, offset: int | None) -> tzinfo:
        nonlocal unknown
        if offset is None and name is None:
            return zone
        known = receipts.offset(name, config) if offset is None and name is not None else offset
        unknown = known is None
        return timezone(timedelta(seconds=known or 0))

    if not any(sign.isdigit() for sign in text):
        return None
    try:
        # What is not said comes from the default: where two of them give two times, the day is not said.
        first, second = (
            parser.parse(text, _words(), default=default, tzinfos=named)
            for default in (datetime(2000, 1, 1), datetime(2004, 2, 2))
        )
        return None if unknown or first != second else utc(first, zone)
    except (ValueError, OverflowError, TypeError):
        return None


def utc(at: datetime, zone: tzinfo) -> datetime:
    """A time as UTC without a zone, taken for one of this zone where it names none."""
    aware = at if at.tzinfo is not None else at.replace(tzinfo=zone)
    return aware.astimezone(UTC).replace(tzinfo=None)


@cache
def _words() -> parserinfo:
    from dateutil import parser

    class Words(parser.parserinfo):  # type: ignore[misc]  # dateutil publishes no types
        """Months and weekdays in the languages that are known."""

        MONTHS = [tuple(dict.fromkeys(names.split())) for names in _MONTHS]  # noqa: RUF012  (dateutil's own form)
        WEEKDAYS = [tuple(names.split()) for names in _WEEKDAYS]  # noqa: RUF012
        JUMP = [*parser.parserinfo.JUMP, *_BETWEEN]  # noqa: RUF012

    return Words()
