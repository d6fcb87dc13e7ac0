"""What the results of a function may come of besides the catalogue, worked out for the visible checks.

On the instructor's side a search holds results against the reference with a step changed, or two. None of that
code ships: here every such guess is run on the public inputs, and written down as what its results look like
(`sketch.py`), with the words that a student is told, and with what the changed step gives where a line is to be
found. Those that change no result, or look like a plainer one on every ordinary input, are left out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Final

import numpy as np

from autograder.authoring.once import Once, Pool
from autograder.checking.attempt import Trial
from autograder.checking.compare import compare, held_against, same_outcome, same_value
from autograder.child import packing
from autograder.course.rounding import short, written
from autograder.course.steps import Misconception, Procedure
from autograder.data import Array
from autograder.explaining import changes, sketch, trace
from autograder.explaining.candidates import Candidates, Fit, Guess, named
from autograder.explaining.known_steps import KnownSteps
from autograder.explaining.search import Search
from autograder.explaining.sketch import Sketch, Sketched
from autograder.explaining.trials import place_to_show, way_of
from autograder.records import Case, Diagnosis, Outcome, Raised, Returned, Tolerance
from autograder.selfcheck.checkfile import BothData, GuessData, SketchesData, WayData

_CODE: Final = re.compile(r"np\.|\blambda\b|[@=]|\*\*|\w\(")  # words that hold any of these give code away


@dataclass(frozen=True)
class Worked:
    """One function on its public inputs, for everything that is worked out from them."""

    known: Candidates
    cases: Sequence[Case]
    expected: Sequence[Any]
    tolerance: Tolerance
    pool: Pool
    guessing: bool = True  # else there is the catalogue alone
    most: int | None = None  # guesses, the plainest first
    # All guesses, once they have been found: they are dear, and the same however many of them ship.
    found: list[tuple[Guess, list[Outcome], list[Sketch | None]]] = field(default_factory=list, repr=False)
    once: Once = field(default_factory=Once, repr=False)  # what is the same however much ships

    def with_most(self, most: int | None) -> Worked:
        """The same with so many guesses, and with no arrays yet."""
        return replace(self, pool=Pool(), most=most)

    def many(self, most: int | None) -> tuple[int, int]:
        """How many of its guesses so many are, and how many there are."""
        return len(self.found[:most]), len(self.found)

    def without_small(self) -> Worked:
        """The same without the inputs that are made small, which no guess was found by."""
        places = self._checked
        return replace(
            self,
            cases=[self.cases[place] for place in places],
            expected=[self.expected[place] for place in places],
            pool=Pool(),
            found=[
                (guess, [outcomes[place] for place in places], [looks[place] for place in places])
                for guess, outcomes, looks in self.found
            ],
        )

    @cached_property
    def explained(self) -> frozenset[int]:
        """The cases that may be explained: the first of each kind, and those that tell most about some mistake."""
        first = {case.kind: place for place, case in reversed(list(enumerate(self.cases))) if not case.of}
        mistakes = [one.symptom for one in (*self.known.catalogue, *self.known.edge) if one.fits is None]
        told = [*(self._told(*self._seen(mistake)) for mistake in mistakes), *self._apart_told]
        places = [*first.values(), *(place for place in told if place is not None)]
        return frozenset(place for place in places if not self.cases[place].raises)

    def innocent(self, place: int) -> list[int]:
        """What other ways to the right result make on a case, where the right one does not."""
        fresh = self.once.of("innocent", self.cases[place], make=lambda: self._fresh(self._right_ways[place]))
        return [self.pool.add(value) for value in fresh]

    def _fresh(self, found: trace.Ways) -> list[Array]:
        known = list(found.right.values())
        fresh = []
        for value in found.innocent:
            if not any(value.shape == one.shape and same_value(value, one, self.tolerance) for one in known):
                known.append(value)
                fresh.append(short(written(value, self.tolerance)))
        return fresh

    def ways_of(self, misconception: Misconception) -> list[WayData]:
        """What the steps give with a catalogued mistake in them: an ordinary one, or one of the edges."""
        symptom = misconception.symptom
        procedure = symptom if isinstance(symptom, Procedure) else None
        if misconception.fits is not None or (misconception.edge and procedure is None):
            return []
        outcomes, look = self._seen(symptom)

        def departed() -> list[Procedure]:
            return self._search(outcomes).in_steps(Fit((), symptom, procedure))

        return list(self._ways(self._told(outcomes, look), misconception, departed))

    def guesses(self, misconceptions: Sequence[Misconception]) -> tuple[list[GuessData], list[SketchesData]]:
        """The guesses, the plainest first, and for each case what all of them do there."""
        diagnoses: dict[Diagnosis, int] = {}
        for place, misconception in enumerate(misconceptions):
            diagnoses.setdefault(named(misconception), place)
        kept: list[GuessData] = []
        looks: list[list[Sketch | None]] = []
        for (guess, _, look), told in zip(self._apart, self._apart_told, strict=True):
            places = [diagnoses[one] for one in guess.diagnoses if one in diagnoses]
            changed = next((one for one in guess.diagnoses if one not in diagnoses), None)
            kept.append(
                GuessData(
                    symptoms=places,
                    step=changed.step or "" if changed else "",
                    how="" if changed is None or _CODE.search(changed.title) else changed.title,
                    telltales=list(guess.telltales),
                    ways=list(self._ways(told, guess, partial(_in_steps, guess.symptom), briefly=True)),
                )
            )
            looks.append(look)
        return kept, [_sketches([look[place] for look in looks]) for place in self._checked]

    def both(self, misconceptions: Sequence[Misconception]) -> tuple[list[BothData], list[SketchesData]]:
        """The catalogued mistakes that are made of steps, each with each of those that show on edges alone."""
        kept, looks = self.once.of("both", make=lambda: self._both(misconceptions))
        return kept, [_sketches(seen) for seen in looks]

    def _both(
        self, misconceptions: Sequence[Misconception]
    ) -> tuple[list[BothData], list[list[Sketch | None]]]:
        """Which are told, and for each check what all of them look like."""
        kept: list[BothData] = []
        looks: list[list[Sketch | None]] = []
        made = [
            (place, one, one.symptom)
            for place, one in enumerate(misconceptions)
            if isinstance(one.symptom, Procedure) and one.fits is None
        ]
        for (first, one, symptom), (edge, other, beside) in itertools.product(made, made):
            if one.edge or not other.edge:
                continue
            composed = changes.composed(symptom, beside, self.known.reference)
            if composed is None:
                continue
            outcomes = {place: self._outcome(composed, place) for place in self._checked}
            if not self._is_noise(composed, outcomes):
                kept.append(BothData(first, edge))
                looks.append([self._look(outcome, place) for place, outcome in outcomes.items()])
        return kept, [[look[number] for look in looks] for number in range(len(self._checked))]

    def fits(self, misconception: Misconception) -> list[list[str]]:
        """For each case, what bears a mistake out that is known by its results; empty where more than that counts."""
        if misconception.fits is None:
            return []
        table = []
        for place, case in enumerate(self.cases):
            did = self.outcome(misconception.symptom, place)
            wrong: dict[str, Outcome] = {
                "returned": Returned(np.zeros((1, 1, 1, 1))),
                "raised": Raised("Error"),
            }
            due = Raised(case.raises[0]) if case.raises else Returned(self.expected[place])
            table.append(
                [kind for kind, outcome in wrong.items() if misconception.fits(case, outcome, False)]
            )
            if misconception.fits(case, due, True):
                table[-1].append("right")
            right = self._look(did, place) is None
            kind = "right" if right else "returned" if isinstance(did, Returned) else "raised"
            if misconception.fits(case, did, right) != (kind in table[-1]):
                return []
        return table

    @property
    def _places(self) -> range:
        return range(len(self.cases))

    @property
    def _checked(self) -> list[int]:
        """The cases that are checks: what is made small shows what these have told, and tells nothing itself."""
        return [place for place in self._places if not self.cases[place].of]

    def _seen(self, symptom: Callable[..., Any]) -> tuple[list[Outcome], list[Sketch | None]]:
        """What a mistake does on every case, and what that looks like."""
        outcomes = [self.outcome(symptom, place) for place in self._places]
        return outcomes, [
            self.once.of("look", symptom, self.cases[place], make=partial(self._look, outcome, place))
            for place, outcome in enumerate(outcomes)
        ]

    def outcome(self, symptom: Callable[..., Any], place: int) -> Outcome:
        """What a catalogued mistake does on a case."""
        return self.once.of(
            "outcome of", symptom, self.cases[place], make=lambda: self._outcome(symptom, place)
        )

    def _told(self, outcomes: Sequence[Outcome], look: Sequence[Sketch | None]) -> int | None:
        """The case on which a mistake is explained, as `diagnose.py` chooses it; None where all is right."""
        wrong = [place for place in self._places if look[place] is not None]
        told = place_to_show(
            [(self.cases[place], outcomes[place]) for place in wrong],
            lambda number: self._way(outcomes[wrong[number]], wrong[number]),
        )
        return None if told is None else wrong[told]

    def _way(self, outcome: Outcome, place: int) -> tuple[str, ...]:
        """In which way an outcome is wrong."""
        return way_of(compare(self.cases[place], self.expected[place], outcome, self.tolerance))

    @cached_property
    def _apart(self) -> list[tuple[Guess, list[Outcome], list[Sketch | None]]]:
        """The guesses that show on ordinary inputs, and do not look like a plainer one there; and what they do."""
        if self.guessing and not self.found:
            self.found.extend(self._all_apart())
        return self.found[: self.most]

    @cached_property
    def _apart_told(self) -> list[int | None]:
        """For each of them, the case on which it is explained."""
        return [self._told(outcomes, look) for _, outcomes, look in self._apart]

    def _all_apart(self) -> Iterator[tuple[Guess, list[Outcome], list[Sketch | None]]]:
        """The same, however many there are."""
        ordinary = [place for place in self._checked if self._is_ordinary(place)]
        seen = {
            self._key([look[place] for place in ordinary])
            for one in self.known.catalogue
            if one.fits is None and not one.telltale
            for _, look in [self._seen(one.symptom)]
        }
        # A catalogued mistake beside one of another function would take more room than all others together.
        for guess in (*self.known.pairs, *self.known.changes):
            assert not isinstance(guess.symptom, Sketched)
            # Most show here that they do not count, before more is asked of them.
            did = {place: self._outcome(guess.symptom, place) for place in ordinary}
            look = {place: self._look(outcome, place) for place, outcome in did.items()}
            if not any(look[place] is not None and isinstance(did[place], Returned) for place in ordinary):
                continue  # an exception alone bears no guess out
            key = self._key(list(look.values()))
            if key in seen:
                continue
            did |= {place: self._outcome(guess.symptom, place) for place in self._places if place not in did}
            if self._is_noise(guess.symptom, did):
                continue
            outcomes = [did[place] for place in self._places]
            if not guess.telltales:
                seen.add(key)
            looks = [
                look[place] if place in look else self._look(did[place], place) for place in self._places
            ]
            yield guess, outcomes, looks

    def _is_noise(self, symptom: Callable[..., Any], outcomes: Mapping[int, Outcome]) -> bool:
        """Whether results hang on the last digits, as do those of a row divided by its sum where that is zero.

        They differ from machine to machine, and so tell nothing.
        """
        return not all(self._is_sure(symptom, outcomes[place], place) for place in self._checked)

    def _is_sure(self, symptom: Callable[..., Any], outcome: Outcome, place: int) -> bool:
        """Whether a result is the same where the last digits of inputs and steps are others."""
        other = self._held(place, self._nearly[place].outcome(symptom))
        return same_outcome(outcome, other, self.tolerance)

    @cached_property
    def _right_ways(self) -> list[trace.Ways]:
        """What is right on each case, in all ways that are known."""
        known = self.known

        def on(case: Case) -> trace.Ways:
            return trace.right_ways(case.args, known.reference, known.innocent, self.tolerance)

        return [self.once.of("right ways", case, make=partial(on, case)) for case in self.cases]

    @cached_property
    def _nearly(self) -> list[KnownSteps]:
        """The same with other last digits."""
        return [KnownSteps(self.known.reference, case, nearly=True) for case in self.cases]

    def _is_ordinary(self, place: int) -> bool:
        return self.cases[place].kind == "ordinary"

    def _outcome(self, symptom: Callable[..., Any], place: int) -> Outcome:
        return self._held(place, self._steps[place].outcome(symptom))

    def _held(self, place: int, outcome: Outcome) -> Outcome:
        return held_against(self.cases[place], self.expected[place], outcome, self.tolerance)

    @cached_property
    def _steps(self) -> list[KnownSteps]:
        """What the reference makes of each case."""
        return [KnownSteps(self.known.reference, case) for case in self.cases]

    def _look(self, outcome: Outcome, place: int) -> Sketch | None:
        """What an outcome looks like; None where it is as it should be."""
        right = compare(self.cases[place], self.expected[place], outcome, self.tolerance) is None
        return None if right else sketch.of(outcome).rounded(self.tolerance)

    def _key(self, look: Sequence[Sketch | None]) -> tuple[Any, ...]:
        """By which guesses that cannot be told apart are found."""
        return tuple(one.key(self.tolerance) if one is not None else None for one in look)

    def _ways(
        self,
        place: int | None,
        mistake: Misconception | Guess,
        departed: Callable[[], Sequence[Procedure]],
        *,
        briefly: bool = False,
    ) -> Iterator[WayData]:
        """What the steps give; `briefly`, only those that are changed, and the next, which often shares their line."""
        if place not in self.explained:
            return
        # What a mistake is as steps is found by all cases that there are; a guess is steps.
        found_by = (mistake, self.cases[place]) if briefly else (mistake, self.cases[place], self.cases)
        changed, told, others = self.once.of(
            "ways", *found_by, make=lambda: self._departing(place, departed(), briefly=briefly)
        )
        values = {(step, self.pool.add(value)) for step, value in told}
        if values:
            order = list(self._right_ways[place].steps)
            yield WayData(
                place,
                [order[step] for step in changed],
                [(order[step], number) for step, number in sorted(values)],
                [order[step] for step in others],
            )

    def _departing(
        self, place: int, departed: Sequence[Procedure], *, briefly: bool
    ) -> tuple[list[int], list[tuple[int, Array]], list[int]]:
        """The steps that are changed, the values that steps give with the mistake in them, and which others give another."""
        right, reference = self._right_ways[place], self.known.reference
        order = list(right.steps)
        changed = sorted(
            {order.index(one) for made in departed for one in changes.changed_steps(made, reference)}
        )
        told_of = {order[step] for one in changed for step in (one, one + 1)[: len(order) - one]}
        found = trace.departing(right, reference, departed, self.tolerance, told_of if briefly else order)
        told = [
            (order.index(symbol), short(written(value, self.tolerance)))
            for symbol, value in self._apart_from_each_other(found.departed)
        ]
        others = {order.index(symbol) for symbol in found.mistaken} - {step for step, _ in told}
        return changed, told, sorted(others)

    def _apart_from_each_other(self, departed: Sequence[tuple[str, Array]]) -> list[tuple[str, Array]]:
        """Values of steps without those that are nearly another's: whether rounding makes them one hangs on the machine."""
        kept: list[tuple[str, Array]] = []
        for symbol, value in departed:
            others = (other for step, other in kept if step == symbol and other.shape == value.shape)
            if not any(same_value(value, other, self.tolerance) for other in others):
                kept.append((symbol, value))
        return kept

    def _search(self, outcomes: Sequence[Outcome]) -> Search:
        """A search among the candidates for what a mistake does."""
        trials = []
        for case, due, outcome in zip(self.cases, self.expected, outcomes, strict=True):
            mismatch = compare(case, due, outcome, self.tolerance)
            trials.append(Trial(case, due, outcome, mismatch, changed=False))
        return Search(self.known, trials, self.tolerance, str)


def _in_steps(symptom: object) -> list[Procedure]:
    """A mistake as changed steps, where it is made of them."""
    return [symptom] if isinstance(symptom, Procedure) else []


def _sketches(looks: Sequence[Sketch | None]) -> SketchesData:
    forms = list(dict.fromkeys(look.form if look is not None else "" for look in looks))
    places = [forms.index(look.form if look is not None else "") for look in looks]
    sums = np.array([look.sums if look is not None else np.zeros(sketch.SUMS) for look in looks])
    sums = sums.reshape(len(looks), sketch.SUMS)
    return SketchesData(
        forms,
        packing.pack_array(np.array(places, np.uint8 if len(forms) < 256 else np.uint16)),
        packing.pack_array(short(sums)),
    )
