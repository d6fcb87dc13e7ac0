"""Result files: the truth about a run, written whole or not at all."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from sys import intern
from typing import Final

import msgspec

from autograder import naming
from autograder.naming import as_text
from autograder.records import Check, Diagnosis, FunctionReport, Hints, Level, Report, Status
from autograder.version import __version__, code

SCHEMA = 1
_FEW: Final = 8  # files that are synced one by one


class CheckFile(msgspec.Struct):
    """`functions[].checks[]` of a result file."""

    name: str
    passed: bool
    points: float
    message: str = ""
    hidden: bool = True
    tried: bool | msgspec.UnsetType = msgspec.UNSET  # only where it is False: there was nothing to try


class DiagnosisFile(msgspec.Struct):
    """`functions[].diagnoses[]` of a result file."""

    id: str
    title: str
    step: str | None = None
    line: int | None = None
    read: str = ""  # what to read again in the lesson
    kind: str | msgspec.UnsetType = msgspec.UNSET  # of a `general.one-edit`
    off: str | msgspec.UnsetType = msgspec.UNSET  # what is wrong with the result, where hints begin with that


class FunctionFile(msgspec.Struct):
    """`functions[]` of a result file."""

    name: str
    score: float
    max_score: float
    carried_forward: bool
    checks: list[CheckFile]
    diagnoses: list[DiagnosisFile]
    carried_from: list[str] = []
    note: str = ""
    cluster: str | msgspec.UnsetType = msgspec.UNSET  # only where no cause is named


class ResultFile(msgspec.Struct):
    """A result file; readers ignore keys they do not know."""

    schema: int
    unit: str
    student: str
    score: float | None
    max_score: float
    status: Status
    functions: list[FunctionFile]
    reason: str = ""
    notes: list[str] = []
    left_out: list[str] = []  # those of the notes that are about cells which hung or ended Python
    flags: list[str] = []  # those of the notes that a person should look at
    level: Level = "full"
    kit: str = ""
    code: str = ""  # digest of the kit's code
    course: str = ""
    submission: str = ""
    secret: str = ""  # fingerprint, which tells nothing of the secret itself
    hints: Hints | msgspec.UnsetType = msgspec.UNSET  # only where they are given rung by rung
    adopted: bool | msgspec.UnsetType = msgspec.UNSET  # only where it is: the functions are test cells


class Made(msgspec.Struct):
    """What a result was made from: the part of a result file by which it is known whether it still holds."""

    schema: int
    status: Status
    reason: str = ""
    level: Level = "full"
    course: str = ""
    submission: str = ""
    secret: str = ""


class _FunctionCluster(msgspec.Struct):
    name: str
    cluster: str = ""


class _Clusters(msgspec.Struct):
    """The part of a result file that says whose unexplained results agree."""

    schema: int
    functions: list[_FunctionCluster]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(ResultFile)
_made = msgspec.json.Decoder(Made)
_clusters = msgspec.json.Decoder(_Clusters)


def path(out: Path, unit: str, student: str) -> Path:
    """Where a student's result is kept."""
    return out.joinpath("results", unit, f"{student}.json")


def longest(out: Path) -> int:
    """The most bytes that a student's name may have for its result to be kept in this folder, which may not be there."""
    there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
    try:
        most = os.pathconf(there, "PC_NAME_MAX")
    except (AttributeError, OSError, ValueError):  # not everywhere
        most = naming.LONGEST
    return most - len(".json")


def encode(report: Report) -> bytes:
    """The JSON of a report, indented for people."""
    file = ResultFile(
        schema=SCHEMA,
        unit=report.unit,
        student=as_text(report.student),
        score=None if report.score is None else _number(report.score),
        max_score=_number(report.max_score),
        status=report.status,
        functions=[_function(function) for function in report.functions],
        reason=report.reason,
        notes=list(report.notes),
        left_out=list(report.left_out),
        flags=list(report.flags),
        level=report.level,
        kit=__version__,
        code=code()[:32],
        course=report.course,
        submission=report.submission,
        secret=report.secret,
        hints=msgspec.UNSET if report.hints == "cause" else report.hints,
        adopted=report.adopted or msgspec.UNSET,
    )
    try:
        content = _encoder.encode(file)
    except UnicodeEncodeError:  # half of a surrogate pair, which Python's strings can hold and UTF-8 cannot
        plain = json.dumps(msgspec.to_builtins(file), ensure_ascii=False)
        content = plain.encode("utf-8", "replace")
    return msgspec.json.format(content, indent=1) + b"\n"


def read(place: Path) -> ResultFile | None:
    """The result kept at `place`; None where there is none that can be read."""
    try:
        result = _decoder.decode(place.read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return result if result.schema == SCHEMA else None


def made(place: Path) -> Made | None:
    """What the result kept at `place` was made from; None where there is none that can be read."""
    try:
        found = _made.decode(place.read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return found if found.schema == SCHEMA else None


def outdated(out: Path, unit: str) -> list[str]:
    """The students whose results in a unit were made by other graders, or for other points, than the newest of them."""
    found = {student: made(path(out, unit, student)) for student in students(out, unit)}
    graders = {student: one.course for student, one in found.items() if one is not None}
    if len(set(graders.values())) < 2:
        return []
    newest = max(graders, key=lambda student: path(out, unit, student).stat().st_mtime_ns)
    return [student for student, version in graders.items() if version != graders[newest]]


def clusters(place: Path) -> dict[str, str]:
    """By function, the cluster that its results are in, of the result kept at `place`; without those in none."""
    try:
        found = _clusters.decode(place.read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return {one.name: one.cluster for one in found.functions if one.cluster and found.schema == SCHEMA}


def as_kept(report: Report) -> Report:
    """The report as its result file gives it back."""
    return report_of(_decoder.decode(encode(report)), report.unit_title)


def report_of(file: ResultFile, unit_title: str) -> Report:
    """The report behind a result file, without what only pages show (explanations, source)."""
    return Report(
        unit=file.unit,
        unit_title=unit_title,
        student=file.student,
        status=file.status,
        score=file.score,
        max_score=file.max_score,
        functions=tuple(
            FunctionReport(
                name=intern(function.name),
                score=function.score,
                max_score=function.max_score,
                carried_forward=function.carried_forward,
                checks=tuple(
                    # Thousands of students share these words.
                    Check(
                        intern(check.name),
                        check.passed,
                        check.points,
                        intern(check.message),
                        check.hidden,
                        check.tried is not False,
                    )
                    for check in function.checks
                ),
                diagnoses=tuple(
                    Diagnosis(
                        intern(diagnosis.id),
                        intern(diagnosis.title),
                        diagnosis.step,
                        diagnosis.line,
                        read=diagnosis.read,
                        kind=diagnosis.kind or None,
                        off=intern(diagnosis.off or ""),
                    )
                    for diagnosis in function.diagnoses
                ),
                carried_from=tuple(function.carried_from),
                note=function.note,
                cluster=function.cluster or "",
            )
            for function in file.functions
        ),
        reason=file.reason,
        notes=tuple(file.notes),
        left_out=tuple(file.left_out),
        flags=tuple(file.flags),
        level=file.level,
        course=file.course,
        submission=file.submission,
        secret=file.secret,
        hints=file.hints or "cause",
        adopted=file.adopted is True,
    )


def students(out: Path, unit: str) -> list[str]:
    """The students who have a result file for a unit, in order."""
    folder = out / "results" / unit
    names = sorted(entry.name for entry in os.scandir(folder)) if folder.is_dir() else []
    return [name[:-5] for name in names if name.endswith(".json") and not name.startswith(".")]


def every(out: Path, unit: str, only: Collection[str] | None = None) -> Iterator[tuple[str, ResultFile]]:
    """All results kept for a unit, or those of `only` these, with the students' names as their files have them, in order."""
    for student in students(out, unit) if only is None else sorted(only):
        result = read(path(out, unit, student))
        if result is not None:
            yield student, result


def write_all(files: Sequence[tuple[Path, bytes]]) -> None:
    """Writes files so that each is whole or absent, a power cut included: temporary file, sync, rename.

    They get their names in the order given, once the data of all is on the disk.
    """
    for folder in {place.parent for place, _ in files}:
        folder.mkdir(parents=True, exist_ok=True)
    temporary = []
    for place, data in files:
        # A leading dot and a name that is always the same: a run that was cut short leaves nothing that is read or
        # piles up. It is short, because the file's own may be as long as a name can be.
        rough = place.with_name(f".{hashlib.sha256(os.fsencode(place.name)).hexdigest()[:32]}.tmp")
        with open(rough, "wb") as file:
            file.write(data)
            if len(files) <= _FEW:
                file.flush()
                os.fsync(file.fileno())
        temporary.append((rough, place))
    if len(files) > _FEW:
        _sync_all([rough for rough, _ in temporary])
    for rough, place in temporary:
        os.replace(rough, place)
    folders = {place.parent for place, _ in files}
    if len(folders) > _FEW:
        _sync_all(list(folders))
    else:
        for folder in folders:
            _sync(folder)


def _sync_all(places: Sequence[Path]) -> None:
    """Waits until these are on the disk: with one call where the system syncs a whole file system, which is quicker."""
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if os.name == "posix" else None
    if syncfs is None:
        for place in places:
            _sync(place)
        return
    descriptor = os.open(places[0], os.O_RDONLY)
    try:
        if syncfs(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(places[0]))
    finally:
        os.close(descriptor)


def _sync(place: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk; Windows has no such call for folders."""
    if place.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(place, os.O_RDONLY if place.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _function(function: FunctionReport) -> FunctionFile:
    return FunctionFile(
        name=function.name,
        score=_number(function.score),
        max_score=_number(function.max_score),
        carried_forward=function.carried_forward,
        checks=[
            CheckFile(
                check.name,
                check.passed,
                check.points,
                check.message,
                check.hidden,
                msgspec.UNSET if check.tried else False,
            )
            for check in function.checks
        ],
        diagnoses=[
            DiagnosisFile(
                diagnosis.id,
                diagnosis.title,
                diagnosis.step,
                diagnosis.line,
                diagnosis.read,
                msgspec.UNSET if diagnosis.kind is None else diagnosis.kind,
                diagnosis.off or msgspec.UNSET,
            )
            for diagnosis in function.diagnoses
        ],
        carried_from=list(function.carried_from),
        note=function.note,
        cluster=function.cluster or msgspec.UNSET,
    )


def _number(value: float) -> float:
    """Sums of points without the dust of binary fractions."""
    return round(float(value), 6)
