"""Clouds of points, and where the centres stand at first."""

import numpy as np

from autograder.author import Array, Case, CaseKind, Procedure, drawn


def k_means_step_cases(rng: np.random.Generator, reference: Procedure) -> tuple[Case, ...]:
    def clouds(name: str, sizes: tuple[int, ...], d: int, kind: CaseKind = "ordinary") -> Case:
        def draw() -> tuple[Array, Array]:
            middles = np.round(rng.uniform(-3, 3, size=(len(sizes), d)), 2)
            points = np.repeat(middles, sizes, axis=0) + rng.normal(size=(sum(sizes), d))
            return np.round(rng.permutation(points), 2), np.round(middles + 0.4, 2)

        def holds(points: Array, centres: Array) -> bool:
            gaps = np.abs(points[:, None] - centres)
            far = np.linalg.norm(gaps, axis=-1)
            nearest = far.argmin(axis=-1)
            if tuple(np.bincount(nearest, minlength=len(sizes))) != sizes:
                return False
            far = np.sort(far, axis=-1)
            if not np.all(far[:, 1] > far[:, 0] + 0.1):  # no point stands between two centres
                return False
            # Other ways to say how far: by the largest difference, or by all of them in a row.
            others = [gaps.max(axis=-1).argmin(axis=-1), gaps.sum(axis=-1).argmin(axis=-1)]
            return sum(sizes) < 8 or all(np.any(other != nearest) for other in others)

        return drawn(name, draw, holds, of=reference, kind=kind)

    return (
        clouds("two clouds in the plane", (3, 5), 2),
        clouds("three clouds in space", (2, 3, 4), 3),
        clouds("as many points as features", (1, 3), 4),
        clouds("a centre to which nothing comes", (4, 0, 2), 2, kind="empty"),
    )


CASES = {"k_means_step": k_means_step_cases}

# By the name of each check: its weight, and the cases that it looks at where it is not called like its one.
CHECKS = {
    "k_means_step": {
        "two clouds in the plane": 2,
        "clouds of other sizes": (3, "three clouds in space", "as many points as features"),
        "a centre without points": (1, "a centre to which nothing comes"),
        "leaves its inputs alone": 1,
    },
}
