"""What LMSs lay beside work in a download to say whose it is and when it came.

Gradescope one `submission_metadata.yml` for all, Blackboard a text file for each attempt. Students' names and outputs
stand in them, so they are read as data of a bounded size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from autograder.decoding import UndecodedError, decoded
from autograder.errors import CourseError
from autograder.lms import dates
from autograder.lms.downloads import METADATA, Who

_MOST_BYTES: Final = 64 * 2**20
_MOST_SLIP: Final = 2**20
_NAME: Final = re.compile(r"^[^\n:]+: (?P<name>[^\n]*) \((?P<login>[^()\n]+)\)[ \t]*$", re.MULTILINE)
_DATE: Final = re.compile(r"^Date Submitted: (?P<at>[^\n]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Slip:
    """What is said of one submission."""

    people: tuple[Who, ...]  # who handed it in together
    at: datetime | None = None  # UTC, without a zone
    written: str = ""  # the time as it stands there, where it is for somebody else to read


def gradescope(raw: bytes) -> dict[str, Slip]:
    """By Gradescope's folder, who handed in and when; CourseError where the file is none of Gradescope's."""
    import yaml

    if len(raw) > _MOST_BYTES:
        raise CourseError(f"{METADATA}: larger than {_MOST_BYTES // 2**20} MiB, which is refused")
    try:
        data = yaml.load(raw, _loader())
    except (yaml.YAMLError, ValueError, RecursionError, UnicodeDecodeError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CourseError(f"{METADATA}: not YAML as Gradescope writes it: {first}") from None
    if not isinstance(data, dict):
        raise CourseError(f"{METADATA}: expected Gradescope's submissions, each with :submitters:")
    return {str(folder): _submission(found) for folder, found in data.items() if isinstance(found, dict)}


def _loader() -> Any:
    """YAML's safe loader, to which a tag of Ruby's own, as older exports have, says nothing."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the faster where it is there
        """Builds plain data alone, none of it out of other parts of the file many times over."""

        def flatten_mapping(self, node: Any) -> None:
            """Leaves `<<` a key like any other."""

    def plain(loader: Any, _: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node)
        return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else node.value

    Loader.add_multi_constructor("", plain)
    return Loader


def _submission(found: Mapping[Any, Any]) -> Slip:
    people = found.get(":submitters")
    at = found.get(":created_at")
    return Slip(
        tuple(
            Who(name=_text(one, ":name"), user_id=_text(one, ":sid"), email=_text(one, ":email"))
            for one in (people if isinstance(people, list) else [])
            if isinstance(one, dict)
        ),
        _moment(at),
        at if isinstance(at, str) else "",
    )


def _text(found: Mapping[Any, Any], key: str) -> str:
    value = found.get(key)
    return str(value).strip() if isinstance(value, str | int) else ""


def _moment(at: object) -> datetime | None:
    if isinstance(at, datetime):
        try:
            return dates.utc(at, UTC)
        except OverflowError:  # at the end of all years
            return None
    return datetime(at.year, at.month, at.day) if isinstance(at, date) else None


def blackboard(raw: bytes) -> Slip | None:
    """Who handed in and when, by the text that Blackboard lays beside an attempt; None where it does not say."""
    if len(raw) > _MOST_SLIP:
        return None
    try:
        text = decoded(raw).replace("\r\n", "\n")
    except UndecodedError:
        text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
    head = text.partition("\n\n")[0]  # what comes after is the student's own
    name, at = _NAME.search(head), _DATE.search(head)
    if name is None:
        return None
    who = Who(name=name["name"].strip(), login=name["login"].strip())
    return Slip((who,), written=at["at"].strip() if at else "")
