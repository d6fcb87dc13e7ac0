"""The process of its own in which a machine of a cluster grades: `python -m autograder.grading.outstation`.

It is a process, and not a thread of the cluster's worker, so that it has the timers of a main thread, and so that
whatever ends it leaves the worker alone. Line by line it reads JSON from its input and answers on its output: first the
course, then batches.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import IO

import msgspec

from autograder.errors import AutograderError, CourseError
from autograder.grading import parcels
from autograder.grading.opening import Reading
from autograder.grading.parcels import Answer, Desk, Examined, Letter, Versions
from autograder.grading.station import Station
from autograder.records import Unit
from autograder.sandbox import machine


def main() -> None:
    """Serves until its input ends. What it has of the course lies in the folder that it is begun in."""
    reading, writing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What graders print goes where errors go.
    os.dup2(2, 1)
    serve(reading, writing, Path.cwd())


def serve(reading: IO[bytes], writing: IO[bytes], folder: Path) -> None:
    """Answers the first line with what this machine offers, and each one after it with what was graded."""
    desk = Desk(folder / "desk")
    try:
        parcel = msgspec.json.decode(reading.readline(), type=parcels.Material)
        course, unit = parcels.unpack(parcel, folder / "course")
        station = Station.open(course, unit, Reading(desk.read, desk.sheets))
        if station.level == "none" and not parcel.trust_students:
            raise CourseError(
                "it cannot lock student code in: `autograder doctor` there says what is missing (--trust-students grades all "
                "the same, if you trust every student with these machines)"
            )
    except AutograderError as error:
        _say(writing, Examined(Versions.here(), trouble=str(error), course=isinstance(error, CourseError)))
        return
    free = machine.free_mib()
    _say(writing, Examined(Versions.here(), station.level, station.version, platform.node(), free))
    for line in reading:
        letters = msgspec.json.decode(line, type=list[Letter])
        try:
            answer = _answer(station, desk, unit, letters)
        except FileNotFoundError:
            if folder.exists():
                raise
            return  # it was cleared away after a worker that was killed: nobody hears what comes of it
        _say(writing, answer)


def _answer(station: Station, desk: Desk, unit: Unit, letters: list[Letter]) -> Answer:
    graded = [one for letter in letters for one in station.grade(desk.lay(letter, unit))]
    return Answer([(one.result, one.page, one.prepared) for one in graded])


def _say(writing: IO[bytes], what: msgspec.Struct) -> None:
    writing.write(msgspec.json.encode(what) + b"\n")
    writing.flush()


if __name__ == "__main__":
    main()
