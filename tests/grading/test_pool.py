"""Work handed out in batches, and done again where whoever had it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest

from autograder.errors import ClusterError
from autograder.gradebook.results import ResultFile
from autograder.grading.cluster import LostError
from autograder.grading.pool import Pool
from autograder.grading.station import Graded, Work
from autograder.notebook.places import HandedIn
from autograder.records import Course, Unit


class Far:
    """A place that grades at once, and loses whatever holds a name that it is given."""

    all_fall = False
    lost = LostError

    def __init__(self, unit: Unit, deadly: Sequence[str] = (), most: int = 10, width: int = 2) -> None:
        self.unit, self.deadly, self.most, self.width, self.ahead = unit, deadly, most, width, 3
        self.batches: list[list[str]] = []
        self.closed = False

    def submit(self, batch: Sequence[Work]) -> Future[list[Graded]]:
        names = [one.student for work in batch for one in work]
        self.batches.append(names)
        future: Future[list[Graded]] = Future()
        if set(names) & set(self.deadly):
            future.set_exception(LostError())
        else:
            future.set_result([Graded(name, b"", b"") for name in names])
        return future

    def end(self) -> None:
        raise AssertionError("others are still grading")

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def unit(own_course: Course) -> Unit:
    return own_course.unit("embeddings")


def handed_in(count: int) -> list[HandedIn]:
    return [HandedIn(f"s{number:02}", Path(f"s{number:02}")) for number in range(count)]


def test_batches_are_full_and_the_last_ones_are_shared_out(unit: Unit) -> None:
    place = Far(unit)
    with Pool(place) as pool:
        pool.add(handed_in(100))
        assert len(pool.students) == 100
        assert sorted(one.student for one in pool.graded()) == [one.student for one in handed_in(100)]
        assert pool.students == frozenset()
    assert [len(batch) for batch in place.batches[:7]] == [10] * 7
    assert [len(batch) for batch in place.batches[-3:]] == [1, 1, 1]
    assert place.closed


def test_a_lost_batch_is_done_again_one_by_one_and_costs_the_one_that_ends_it(unit: Unit) -> None:
    place = Far(unit, deadly=["s03"])
    with Pool(place) as pool:
        pool.add(handed_in(60))
        graded = {one.student: one for one in pool.graded()}
    assert sorted(graded) == [one.student for one in handed_in(60)]
    told = msgspec.json.decode(graded.pop("s03").result, type=ResultFile)
    assert (told.student, told.status, told.score) == ("s03", "not-graded", None)
    assert told.reason == "the process that graded it was ended from outside"
    assert all(one.result == b"" for one in graded.values())
    assert [batch for batch in place.batches if "s04" in batch][-1] == ["s04"]


def test_where_all_fall_together_only_what_was_being_graded_is_done_one_by_one(unit: Unit) -> None:
    class Near(Far):
        """Loses all that is under way with the batch that holds a name."""

        all_fall = True

        def __init__(self, unit: Unit) -> None:
            super().__init__(unit, deadly=["s13"], most=4, width=2)
            self.under_way: list[Future[list[Graded]]] = []
            self.ended = 0

        def submit(self, batch: Sequence[Work]) -> Future[list[Graded]]:
            future = super().submit(batch)
            if self.under_way and self.under_way[-1].done() and self.under_way[-1].exception() is not None:
                future = Future()
                future.set_exception(LostError())
            self.under_way.append(future)
            return future

        def end(self) -> None:
            self.ended += 1
            self.under_way.clear()

    place = Near(unit)
    with Pool(place) as pool:
        pool.add(handed_in(40))
        graded = {one.student: one for one in pool.graded()}
    assert sorted(graded) == [one.student for one in handed_in(40)]
    assert [name for name, one in graded.items() if one.result] == ["s13"]
    alone = {batch[0] for batch in place.batches if len(batch) == 1}
    assert {"s12", "s13", "s14", "s15"} <= alone, "the batch that it was in"
    assert not {f"s{number:02}" for number in range(12)} & alone
    assert place.ended


def test_what_a_place_cannot_do_is_raised(unit: Unit) -> None:
    class Gone(Far):
        def submit(self, batch: Sequence[Work]) -> Future[list[Graded]]:
            future: Future[list[Graded]] = Future()
            future.set_exception(ClusterError("the scheduler is gone"))
            return future

    with Pool(Gone(unit)) as pool:
        pool.add(handed_in(1))
        with pytest.raises(ClusterError, match="is gone"):
            list(pool.graded())
