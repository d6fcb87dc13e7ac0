"""Who a page speaks of."""

from __future__ import annotations

from autograder.course.roster import Student
from autograder.pages.people import NO_ROSTER, Person, people

ROSTER = (
    Student("ada", "Ada", "Lovelace", section="Monday"),
    Student("bo", "Bo", "", section="Friday"),
    Student("jo1", "Jo", "Smith", section="Monday"),
    Student("jo2", "Jo", "Smith", section="Friday"),
    Student("zed"),
)


def test_names_and_sections_are_the_rosters_and_ids_tell_namesakes_apart() -> None:
    known = people(ROSTER)
    assert known.shown("ada") == Person("ada", "Lovelace, Ada", "ada", "Monday")
    assert known.shown("bo").name == "Bo"
    assert [known.shown(id).name for id in ("jo1", "jo2")] == ["Smith, Jo (jo1)", "Smith, Jo (jo2)"]
    assert known.shown("jo1").id == "", "which is in the name"
    assert known.shown("zed") == Person("zed", "zed")
    assert known.sections == ("Friday", "Monday", "")
    assert known.sorted(["zed", "jo1", "bo", "ada"]) == ("bo", "ada", "jo1", "zed")


def test_without_a_roster_they_are_called_as_their_folders() -> None:
    assert NO_ROSTER.shown("\udcff") == Person("\udcff", "=FF")
    assert NO_ROSTER.sections == ()


def test_one_section_is_none() -> None:
    assert people([Student("a", section="A"), Student("b", section="A")]).sections == ()


def test_a_hidden_name_is_the_same_every_time_and_tells_nothing() -> None:
    hidden = people(ROSTER, b"secret")
    names = [hidden.shown(one.id).name for one in ROSTER]
    assert len(set(names)) == len(ROSTER)
    assert not {one.id for one in ROSTER} & set(" ".join(names).split())
    assert [people(ROSTER[:2], b"secret").shown(one.id).name for one in ROSTER] == names
    assert hidden.shown("ADA").name == hidden.shown("ada").name
    assert people(ROSTER, b"another").shown("ada").name != names[0]
    assert hidden.shown("ada").student == hidden.shown("ada").id == ""
    assert hidden.shown("ada").section == "Monday"
    assert hidden.known("ada").name == "Lovelace, Ada"
    assert hidden.sorted(one.id for one in ROSTER) != people(ROSTER).sorted(one.id for one in ROSTER)
    assert people(ROSTER).alias("ada") == ""
