"""The mistakes that students make in `walk`, as changed lines of the solution."""

from autograder.author import edit

LESSON = "The walk of a ladybird"

MISCONCEPTIONS = {
    "walk": (
        edit(
            "walk.forgetful",
            "After each coin, the ladybird goes on from the start",
            ("np.cumsum(coins)", "coins"),
            why="Each step goes on from where the last one ended, so that steps add up.",
            look="walk(0, 9, np.random.default_rng(5))  # neighbours differ by 1",
            read=LESSON,
        ),
        edit(
            "walk.start-left-out",
            "The start is not in the result",
            ("np.concatenate([[0], np.cumsum(coins)])", "np.cumsum(coins)"),
            why="Before the first coin the ladybird is somewhere, too. With it there is one place more than coins.",
            look="walk(0, 9, np.random.default_rng(5)).shape  # (10,)",
            read=LESSON,
        ),
        edit(
            "walk.from-nought",
            "The walk begins at 0",
            ("start + ", ""),
            why="Where the ladybird sits at first was not used.",
            look="walk(8, 9, np.random.default_rng(5))[0]  # 8",
            read=LESSON,
        ),
        edit(
            "walk.own-seed",
            "The coins are always those of one seed",
            ("coins = generator", "coins = np.random.default_rng(5)"),
            why="The function made a generator of its own, with the seed of the lesson, and left the one that it was"
            " handed unused. So all walks are the same.",
            look="Compare the walks of two generators with different seeds",
            read=LESSON,
        ),
    ),
}
