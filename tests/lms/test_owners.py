"""Who on the roster is meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from archived import ROSTER

from autograder.course import roster
from autograder.lms.downloads import Kind, Who
from autograder.lms.owners import Owner, Roster


@pytest.fixture
def known(tmp_path: Path) -> Roster:
    (tmp_path / "roster.csv").write_text(ROSTER)
    return Roster(roster.read(tmp_path / "roster.csv"))


@pytest.mark.parametrize(
    ("kind", "who", "student"),
    [
        ("canvas", Who("leebo", "103"), "bo2"),
        ("canvas", Who("lovelaceada"), "ada"),
        ("canvas", Who("leebo", "103", or_user_id="9000"), "bo2"),
        ("gradescope", Who("Ada Lovelace", "a number of the registry"), "ada"),
        ("canvas", Who("oneilzoë"), "zoe"),
        ("moodle", Who("Zoe O'Neil", participant="17"), "zoe"),
        ("moodle", Who("Zoe\u0308 ONeil", participant="17"), "zoe"),
        ("moodle", Who("Lovelace, Ada"), "ada"),
        ("moodle", Who("Bo Lee", "s3", email="BO2@example.org "), "bo2"),
        ("moodle", Who("Bo Lee", login="bl2"), "bo2"),
        ("gradescope", Who("Bo Lee", "bl_one"), "bo"),
        ("gradescope", Who("Bo Lee", email="bo@example.org"), "bo"),
        ("blackboard", Who(login="Homework 1_bl_one"), "bo"),
        ("blackboard", Who(login="AL23"), "ada"),
        ("ilias", Who(login="Lee_Bo_bl_one"), "bo"),
        ("plain", Who("ADA", login="ADA"), "ada"),
        ("plain", Who("lovelace_ada", login="lovelace_ada"), "ada"),
    ],
)
def test_who_it_is(known: Roster, kind: Kind, who: Who, student: str) -> None:
    found = known.owner(who, kind).student
    assert found is not None
    assert found.id == student


@pytest.mark.parametrize(
    ("kind", "who", "why"),
    [
        ("canvas", Who("leebo", "103", or_user_id="101"), "it may be of number 103 or 101: a name may end in a number"),
        ("moodle", Who("Bo Lee", participant="102"), "2 on the roster are called “Bo Lee” (bo, bo2): Moodle's grading worksheet"),
        ("canvas", Who("lovelaceada", "999"), "“lovelaceada” is called as ada on the roster, and has another number (999, and there 101)"),
        ("moodle", Who("Ada Lovelace", email="other@example.org"), "“Ada Lovelace” is called as ada on the roster, and has another address"),
        ("blackboard", Who("Ada Lovelace", login="other"), "“Ada Lovelace” is called as ada on the roster, and has another login"),
        ("canvas", Who("leebo", "1"), "2 on the roster are called “leebo” (bo, bo2): the roster's column lms_user_id"),
        ("canvas", Who("doejane", "1"), "nobody on the roster is called “doejane”"),
        ("canvas", Who(), "the download does not say who it is"),
        ("ilias", Who(login="Doe_Jane_jane"), "nobody on the roster has this login"),
        ("gradescope", Who("Ada", "101", email="bo@example.org"), "it has the number of ada and address of bo: which is right?"),
        ("plain", Who("101", login="101"), "nobody on the roster is called “101”"),
    ],
)  # fmt: skip
def test_who_is_not_certain_is_nobody(known: Roster, kind: Kind, who: Who, why: str) -> None:
    found = known.owner(who, kind)
    assert found.student is None
    assert found.why.startswith(why)


def test_moodles_number_of_a_participant_is_no_id_of_a_person(known: Roster) -> None:
    """It counts within one assignment, so it is somebody else's number next week."""
    assert known.owner(Who("Jane Doe", participant="101"), "moodle").student is None


def test_an_id_that_two_have_is_neithers(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,email\nada,a@x\nbo,A@X\n")
    found = Roster(roster.read(tmp_path / "roster.csv")).owner(Who(email="a@x"), "moodle")
    assert found == Owner(None, "address “a@x” is that of 2 on the roster (ada, bo)")


def test_accents_decide_where_they_can(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,last_name\na,Müller\nb,Muller\n")
    people = Roster(roster.read(tmp_path / "roster.csv"))
    found = people.owner(Who("Müller"), "moodle").student
    assert found is not None
    assert found.id == "a"
