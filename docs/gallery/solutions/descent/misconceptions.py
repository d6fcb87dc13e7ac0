"""The mistakes that students make in `descend`."""

from collections.abc import Callable

from autograder.author import Misconception

LESSON = "Downhill in the fog"
Slope = Callable[[float], float]


def _uphill(slope: Slope, x: float, rate: float, steps: int) -> float:
    for _ in range(steps):
        x = x + rate * slope(x)
    return x


def _felt_once(slope: Slope, x: float, rate: float, steps: int) -> float:
    return x - steps * rate * slope(x)


def _same_steps(slope: Slope, x: float, rate: float, steps: int) -> float:
    for _ in range(steps):
        x = x - (rate if slope(x) > 0 else -rate)
    return x


def _one_more(slope: Slope, x: float, rate: float, steps: int) -> float:
    for _ in range(steps + 1):
        x = x - rate * slope(x)
    return x


def _one_less(slope: Slope, x: float, rate: float, steps: int) -> float:
    for _ in range(1, steps):
        x = x - rate * slope(x)
    return x


def _no_rate(slope: Slope, x: float, rate: float, steps: int) -> float:
    for _ in range(steps):
        x = x - slope(x)
    return x


MISCONCEPTIONS = {
    "descend": (
        Misconception(
            id="descend.uphill",
            title="You walk uphill",
            step=None,
            symptom=_uphill,
            why="The slope points to where it gets higher. Added to x, it leads up the hill.",
            look="descend(lambda x: 2 * x, 1.0, 0.1, 1)  # nearer to 0 than before",
            read=LESSON,
        ),
        Misconception(
            id="descend.felt-once",
            title="The slope was felt at the start alone",
            step=None,
            symptom=_felt_once,
            why="The slope is another one at every place. After each step it has to be felt again.",
            look="descend(lambda x: 2 * x, 1.0, 0.5, 2)  # at 0 after one step, and it stays there",
            read=LESSON,
        ),
        Misconception(
            id="descend.same-steps",
            title="All steps are of one length",
            step=None,
            symptom=_same_steps,
            why="Only the direction of the slope was used. Where it is steep a step is long, and near the lake it is short.",
            look="descend(lambda x: 10.0, 1.0, 0.01, 1)  # a tenth further down",
            read=LESSON,
        ),
        *Misconception(
            id="descend.off-by-one",
            title="One step too many",
            step=None,
            symptom=_one_more,
            why="A range of n numbers begins at 0 and ends before n: it gives just n rounds.",
            look="descend(lambda x: 1.0, 5.0, 1.0, 3)  # 3 steps lead to 2",
            read=LESSON,
        ).also(_one_less, title="One step too few"),
        Misconception(
            id="descend.no-rate",
            title="The rate plays no part",
            step=None,
            symptom=_no_rate,
            why="The whole slope was taken for a step. Such steps are too long, and jump over the lake.",
            look="descend(lambda x: 1.0, 5.0, 0.5, 1)  # half a step down",
            read=LESSON,
        ),
    ),
}
