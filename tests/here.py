"""A place that grades in the tests' own process, with a pipeline that is there: where no process of its own is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Final

from autograder.grading import releases
from autograder.grading.pipeline import Pipeline
from autograder.grading.station import Graded, Station, Work
from autograder.records import Level, Unit


class Here:
    """See `pool.Place`: nothing is ever under way, and whoever opened the pipeline's sandbox closes it."""

    width: Final = 1
    most: Final = 8
    ahead: Final = 1
    lost: Final = BrokenProcessPool
    all_fall: Final = False

    def __init__(self, pipeline: Pipeline) -> None:
        """Its unit must be released."""
        self._station = Station(
            pipeline, pipeline.unit, releases.read(pipeline.examiner.course, pipeline.unit)
        )
        self.unit: Final[Unit] = pipeline.unit
        self.level: Final[Level] = pipeline.level

    def submit(self, batch: Sequence[Work]) -> Future[list[Graded]]:
        """Grades a batch."""
        future: Future[list[Graded]] = Future()
        future.set_result([graded for work in batch for graded in self._station.grade(work)])
        return future

    def begin(self) -> None:
        """Is ready."""

    def end(self) -> None:
        """Nothing to give up."""

    def close(self) -> None:
        """Leaves nothing behind."""
