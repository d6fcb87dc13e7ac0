"""Moodle's grading worksheet.

Held against moodle/moodle: mod/assign/gradingtable.php (`col_recordid`: the word for a participant with the number),
mod/assign/feedback/offline/importgradeslib.php (which columns are read back: `recordid`, `grade`, `lastmodifiedgrade`
and the feedback's, by their names in the language of the user; the number is what follows the word) and the language
packs, of which the words of English and German worksheets here are.
"""

from __future__ import annotations

import csv
import io

import pytest
from archived import row, worksheet
from fuzzing import TABLES
from hypothesis import given

from autograder.errors import CourseError
from autograder.lms import worksheets
from autograder.lms.worksheets import Worksheet

ENGLISH = worksheet(
    row(11, "Ada Lovelace", "s1", "ada@example.org", "Monday, 2 March 2026, 11:59 PM"),
    row(12, "Bo Lee", "", "bo@example.org"),
)
GERMAN = """\
ID;"Vollständiger Name";E-Mail-Adresse;Status;Bewertung;Bestwertung;"Bewertung kann geändert werden";\
"Zuletzt geändert (Abgabe)";"Zuletzt geändert (Bewertung)";"Feedback als Kommentar"
Teilnehmer/in11;"Ada Lovelace";ada@example.org;"Zur Bewertung abgegeben";;8,00;Ja;"Montag, 2. März 2026, 23:59";-;
"""
OTHER = """\
Osallistuja,Nimi,Sähköposti,Tila,Grade
Osallistuja 11,Ada Lovelace,ada@example.org,x,
Osallistuja 12,Bo Lee,bo@example.org,x,
"""


def read(text: str) -> Worksheet:
    found = worksheets.read("Grades.csv", text.encode())
    assert found is not None
    return found


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, OTHER], ids=["English", "German", "by how it looks"])
def test_who_a_participant_is(text: str) -> None:
    first = read(text).rows[0]
    assert (first.number, first.said("name"), first.said("email")) == (
        "11",
        "Ada Lovelace",
        "ada@example.org",
    )


def test_what_else_it_says() -> None:
    ada, bo = read(ENGLISH).rows
    assert (ada.said("id"), ada.said("at"), ada.said("most")) == (
        "s1",
        "Monday, 2 March 2026, 11:59 PM",
        "100.00",
    )
    assert (bo.said("id"), bo.said("group")) == ("", "")
    assert read(GERMAN).rows[0].said("at") == "Montag, 2. März 2026, 23:59"
    assert (read(GERMAN).delimiter, read(GERMAN).word) == (";", "Teilnehmer/in")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "id,first_name\nada,Ada\n",
        "Identifier,Grade\nParticipant x,\n",
        "Identifier,Grade\nParticipant 1,\nPerson 2,\n",
        "Identifier,Points\nParticipant 1,3\n",
        'Identifier,Grade\n"Participant 1,\n',
    ],
)
def test_other_tables_are_none(text: str) -> None:
    assert worksheets.read("a.csv", text.encode()) is None


def test_what_is_too_large_or_no_text_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert worksheets.read("a.csv", b"\xff" + ENGLISH.encode()) is None
    assert worksheets.read("a.csv", ENGLISH.replace("Ada", "A" * 200_000).encode()) is None, "csv's own limit"
    monkeypatch.setattr(worksheets, "_MOST_BYTES", 10)
    assert worksheets.read("a.csv", ENGLISH.encode()) is None


def test_marks_are_filled_in_and_the_rest_stays() -> None:
    filled = worksheets.filled(
        read(ENGLISH.replace("Bo Lee", "=1+1")), lambda one: ("5.5", "a, b") if one.number == "11" else None
    )
    before = list(csv.reader(io.StringIO(ENGLISH.removeprefix("\ufeff"))))
    header, ada, bo = csv.reader(io.StringIO(filled.decode()))
    assert header == before[0]
    assert ada == [*before[1][:5], "5.5", *before[1][6:10], "a, b"]
    assert bo == [before[2][0], "'=1+1", *before[2][2:]]


def test_a_semicolon_stays_one_and_a_comment_stays_where_none_is_given() -> None:
    text = GERMAN.replace("-;\n", "-;schon da\n")
    filled = worksheets.filled(read(text), lambda one: ("5.5", "")).decode()
    assert "Teilnehmer/in11;Ada Lovelace;ada@example.org;Zur Bewertung abgegeben;5.5;8,00;" in filled
    assert filled.endswith("-;schon da\r\n")


def test_a_language_that_is_not_known_is_said() -> None:
    with pytest.raises(
        CourseError, match=r"Grades.csv: no column is called Last modified \(grade\), in a language"
    ):
        worksheets.filled(read(OTHER), lambda one: None)


@given(TABLES)
def test_any_table_is_a_worksheet_or_none(raw: bytes) -> None:
    found = worksheets.read("a.csv", raw)
    assert found is None or (found.rows and all(row.number.isdigit() for row in found.rows))
