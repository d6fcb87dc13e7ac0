"""The mistakes that students make in `count_words`, as changed lines of the solution."""

from autograder.author import edit

LESSON = "Counting words"

MISCONCEPTIONS = {
    "count_words": (
        edit(
            "count_words.capitals-apart",
            "Capital and small letters count as different words",
            (".lower()", ""),
            why="To Python, a capital letter is another letter. So the first word of a line is counted by itself.",
            look='count_words("Row row")  # one word, twice',
            read=LESSON,
        ),
        edit(
            "count_words.letters",
            "The letters were counted, not the words",
            (".split()", ""),
            why="A loop over a text goes from letter to letter. The text has to be cut into words first.",
            look='count_words("row")  # one word',
            read=LESSON,
        ),
        edit(
            "count_words.starts-at-zero",
            "Every word is counted once too few",
            ("get(word, 0) + 1", "get(word, -1) + 1"),
            why="The first time that a word comes, it was put down with a count of 0. Yet by then it has come once.",
            look='count_words("row")  # it comes once',
            read=LESSON,
        ),
        edit(
            "count_words.parts",
            "A word was also found inside longer words",
            ("counts.get(word, 0) + 1", "text.lower().count(word)"),
            why="In a text, `count` finds every place where the letters stand, “owl” within “owls” too.",
            look='count_words("owl owls")  # each comes once',
            read=LESSON,
        ),
        edit(
            "count_words.one-space",
            "Two spaces or the end of a line do not part words as one space does",
            ("split()", 'split(" ")'),
            why="The text was cut at each single space. Between two spaces there is an empty word then, and words of"
            " two lines stay together.",
            look='count_words("row  row")  # no empty word',
            read=LESSON,
        ),
    ),
}
