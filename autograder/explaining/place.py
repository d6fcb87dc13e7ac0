"""Where a function departs from the reference, as far as a trace of its lines shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Where a function departs from the reference, as far as its trace shows."""

    line: int | None = None  # the first line that departs, within the cell
    sentences: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)  # by name of a step that departs, where it shows
    agrees: tuple[str, ...] = ()  # names of the steps whose right values lines hold, and are used
    departs: str | None = (
        None  # name of the step whose place the value of the first line takes, where that is known
    )
    # The line of each sentence, and of each right value, that a mistake on this line would speak against; 0: none would.
    on: tuple[int, ...] = ()
    agrees_on: tuple[int, ...] = ()
    # Of the steps that agree, those to which the mistake that the lines are held against gives another value.
    against: tuple[str, ...] = ()

    def beside(self, edited: Collection[int]) -> Place:
        """What is left of it where the mistake is known to be on these lines: nothing that says otherwise."""
        departs = self.line in edited
        kept = [
            (sentence, line)
            for sentence, line in zip(self.sentences, self.on, strict=True)
            if (line != self.line and line not in edited) or (departs and line == self.line)
        ]
        right = [
            (step, line) for step, line in zip(self.agrees, self.agrees_on, strict=True) if line not in edited
        ]
        return Place(
            self.line if departs else None,
            tuple(sentence for sentence, _ in kept),
            self.lines if departs else {},
            tuple(step for step, _ in right),
            self.departs if departs else None,
            tuple(line for _, line in kept),
            tuple(line for _, line in right),
        )
