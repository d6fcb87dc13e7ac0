"""The mistakes that students make in `flatten`, as changed lines of the solution."""

from autograder.author import edit

LESSON = "Boxes in boxes"

MISCONCEPTIONS = {
    "flatten": (
        edit(
            "flatten.one-level",
            "Only the outermost boxes were opened",
            ("extend(flatten(thing))", "extend(thing)"),
            why="What is taken out of a box may be a box again. It wants to be treated as the first one was.",
            look="flatten([[[1]]])  # one number, and no list",
            read=LESSON,
        ),
        edit(
            "flatten.boxes-kept",
            "The boxes were opened and packed again",
            ("extend(flatten(thing))", "append(flatten(thing))"),
            why="What the call for an inner box gives is a list. Put into the row with append it is one thing in it, a"
            " list within a list: it is its numbers that belong there.",
            look="flatten([1, [2]])  # two numbers, and no list",
            read=LESSON,
        ),
        edit(
            "flatten.inner-lost",
            "What was in the inner boxes is gone",
            ("row.extend(flatten(thing))", "flatten(thing)"),
            why="The function called itself, but nothing was done with what it gave back.",
            look="flatten([1, [2]])  # two numbers",
            read=LESSON,
        ),
        edit(
            "flatten.boxes-last",
            "The inner boxes come after everything else",
            ("in box:", "in sorted(box, key=lambda thing: isinstance(thing, list)):"),
            why="The numbers that lie loose were taken first, and the boxes after them. The order should stay as it is.",
            look="flatten([[1], 2])  # 1 stands before 2",
            read=LESSON,
        ),
    ),
}
