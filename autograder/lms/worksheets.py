"""Moodle's grading worksheet: whose a participant's number is, and the marks put into it.

Moodle names its columns in the language of whoever downloads it, and takes the file back in that language alone. So
what must be found is looked for by the names of some languages, and the numbers of participants by how they look.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from autograder.decoding import UndecodedError, decoded
from autograder.errors import CourseError
from autograder.gradebook import sheets

Column: TypeAlias = Literal[
    "name", "email", "id", "login", "group", "status", "grade", "most", "at", "graded", "comment"
]

# Moodle's own words: `fullname`, `email`, `idnumber`, `username` of lang/xx/moodle.php; `status`, `grade`,
# `lastmodifiedsubmission` and `lastmodifiedgrade` of mod/assign, `pluginname` of mod/assign/feedback/comments.
_WORDS: Final[Mapping[Column, str]] = {
    "name": "full name|vollständiger name|nom complet|nombre completo|cognome/nome|volledige naam|nome completo|fullständigt namn",
    "email": "email address|e-mail-adresse|adresse de courriel|dirección de correo|indirizzo email|e-mailadres|endereço de email|e-postadress",
    "id": "id number|id-nummer|numéro d'identification|número de id|codice identificativo|número de identificação|matrikelnummer",
    "login": "username|anmeldename|nom d'utilisateur|nombre de usuario|gebruikersnaam|nome de usuário",
    "group": "group|gruppe|groupe|grupo|gruppo|groep|grupp",
    "status": "status|statut|estado|stato|estatus",
    "grade": "grade|mark|bewertung|note|calificación|valutazione|cijfer|nota|betyg",
    "most": "maximum grade|maximum mark|bestwertung|note maximale|calificación máxima|valutazione massima|maximumcijfer|nota máxima",
    "at": "last modified (submission)|zuletzt geändert (abgabe)|dernière modification (travail remis)|última modificación (entrega)"
    "|laatst gewijzigd (inzending)|senast modifierat (inlämning)",
    "graded": "last modified (grade)|last modified (mark)|zuletzt geändert (bewertung)|dernière modification (note)"
    "|última modificación (calificación)|laatst gewijzigd (cijfer)|senast modifierat (betyg)",
    "comment": "feedback comments|feedback als kommentar|feedback par commentaires|comentarios de retroalimentación",
}
_NAMES: Final[Mapping[Column, frozenset[str]]] = {
    column: frozenset(names.split("|")) for column, names in _WORDS.items()
}
_NUMBER: Final = re.compile(r"\A(?P<word>\D{0,100}+)(?P<number>\d{1,18})")
_READ_BACK: Final[tuple[Column, ...]] = (
    "grade",
    "at",
    "graded",
    "comment",
)  # by Moodle, when the file comes back
_MOST_BYTES: Final = 32 * 2**20


@dataclass(frozen=True)
class Row:
    """What a worksheet says of one participant."""

    number: str  # of the participant, in this assignment alone
    cells: Mapping[Column, str]  # of the columns that are known, without spaces around

    def said(self, column: Column) -> str:
        """What stands in a column; empty where there is none."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Worksheet:
    """A worksheet as it was downloaded."""

    name: str  # of the file
    header: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]  # as they stand, one for each participant
    columns: Mapping[Column, int]
    rows: tuple[Row, ...]  # of the same participants
    delimiter: str
    word: str  # before a participant's number


def read(name: str, raw: bytes) -> Worksheet | None:
    """The worksheet in a CSV file; None where it is none, whatever else it is."""
    if len(raw) > _MOST_BYTES:
        return None
    try:
        text = decoded(raw)
    except UndecodedError:
        return None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        header, *lines = [
            tuple(line) for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if line
        ] or [()]
    except csv.Error:
        return None
    lines = [line for line in lines if len(line) == len(header)]
    columns = {
        column: index
        for index, title in reversed(list(enumerate(header)))
        for column in _NAMES
        if _spelt(title) in _NAMES[column]
    }
    numbers = [_NUMBER.fullmatch(line[0].strip()) for line in lines if line]
    words = {number["word"] for number in numbers if number is not None}
    if not lines or None in numbers or len(words) != 1 or not {"grade", "graded", "at"} & columns.keys():
        return None
    columns |= _by_looks(lines, columns)
    rows = tuple(
        Row(number["number"], {column: line[index].strip() for column, index in columns.items()})
        for number, line in zip(numbers, lines, strict=True)
        if number is not None
    )
    return Worksheet(name, header, tuple(lines), columns, rows, delimiter, words.pop())


def numbers(raw: bytes) -> frozenset[str]:
    """The participants that a worksheet speaks of; none where it is no worksheet."""
    sheet = read("", raw)
    return frozenset() if sheet is None else frozenset(row.number for row in sheet.rows)


def _spelt(title: str) -> str:
    return " ".join(title.replace("’", "'").casefold().split())


def _by_looks(lines: Sequence[Sequence[str]], columns: Mapping[Column, int]) -> dict[Column, int]:
    """The columns that can be told by what stands in them, where no name did: addresses, and the name after the number."""
    found: dict[Column, int] = {}
    taken = set(columns.values())
    width = len(lines[0])
    if "email" not in columns:
        addressed = [index for index in range(1, width) if all("@" in line[index] for line in lines)]
        found |= {"email": addressed[0]} if addressed and addressed[0] not in taken else {}
    is_free = "name" not in columns and width > 1 and 1 not in taken | set(found.values())
    if is_free and not any(_NUMBER.fullmatch(line[1].strip()) for line in lines):
        found["name"] = 1
    return found


def filled(sheet: Worksheet, given: Callable[[Row], tuple[str, str] | None]) -> bytes:
    """The worksheet with mark and comment of everyone for whom `given` has them, all that Moodle reads else as it came.

    CourseError where its columns are called in a language that is not known.
    """
    for column, called in (("grade", "Grade"), ("graded", "Last modified (grade)")):
        if column not in sheet.columns:
            raise CourseError(
                f"{sheet.name}: no column is called {called}, in a language that is known: download it in English or German"
            )
    read_back = {0, *(sheet.columns[column] for column in _READ_BACK if column in sheet.columns)}
    rows = []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        cells = [cell if at in read_back else sheets.harmless(cell) for at, cell in enumerate(line)]
        told = given(row)
        if told is not None:
            cells[sheet.columns["grade"]] = told[0]
            if "comment" in sheet.columns and told[1]:
                cells[sheet.columns["comment"]] = told[1]
        rows.append(cells)
    text = io.StringIO()
    csv.writer(text, delimiter=sheet.delimiter).writerows([sheet.header, *rows])
    return text.getvalue().encode("utf-8", "replace")
