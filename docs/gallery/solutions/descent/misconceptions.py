"""The mistakes that students make in `descend`, as changed lines of the solution."""

from autograder.author import edit

LESSON = "Downhill in the fog"

MISCONCEPTIONS = {
    "descend": (
        edit(
            "descend.uphill",
            "You walk uphill",
            ("x - rate", "x + rate"),
            why="The slope points to where it gets higher. Added to x, it leads up the hill.",
            look="descend(lambda x: 2 * x, 1.0, 0.1, 1)  # nearer to 0 than before",
            read=LESSON,
        ),
        edit(
            "descend.felt-once",
            "The slope was felt at the start alone",
            ("range(steps)", "range(1)"),
            ("rate * slope", "steps * rate * slope"),
            why="The slope is another one at every place. After each step it has to be felt again.",
            look="descend(lambda x: 2 * x, 1.0, 0.5, 2)  # at 0 after one step, and it stays there",
            read=LESSON,
        ),
        edit(
            "descend.same-steps",
            "All steps are of one length",
            ("rate * slope(x)", "(rate if slope(x) > 0 else -rate)"),
            why="Only the direction of the slope was used. Where it is steep a step is long, and near the lake it is short.",
            look="descend(lambda x: 10.0, 1.0, 0.01, 1)  # a tenth further down",
            read=LESSON,
        ),
        *edit(
            "descend.off-by-one",
            "One step too many",
            ("range(steps)", "range(steps + 1)"),
            why="A range of n numbers begins at 0 and ends before n: it gives just n rounds.",
            look="descend(lambda x: 1.0, 5.0, 1.0, 3)  # 3 steps lead to 2",
            read=LESSON,
        ).also(("range(steps)", "range(1, steps)"), title="One step too few"),
        edit(
            "descend.no-rate",
            "The rate plays no part",
            ("rate * slope", "slope"),
            why="The whole slope was taken for a step. Such steps are too long, and jump over the lake.",
            look="descend(lambda x: 1.0, 5.0, 0.5, 1)  # half a step down",
            read=LESSON,
        ),
    ),
}
