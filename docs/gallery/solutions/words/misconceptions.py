"""The mistakes that students make in `count_words`."""

from autograder.author import Misconception

LESSON = "Counting words"


def _capitals_apart(text: str) -> dict[str, int]:
    words = text.split()
    return {word: words.count(word) for word in words}


def _letters(text: str) -> dict[str, int]:
    return {letter: text.lower().count(letter) for letter in text.lower()}


def _repeats_alone(text: str) -> dict[str, int]:
    words = text.lower().split()
    return {word: words.count(word) - 1 for word in words}


def _parts(text: str) -> dict[str, int]:
    return {word: text.lower().count(word) for word in text.lower().split()}


def _at_each_space(text: str) -> dict[str, int]:
    words = text.lower().split(" ")
    return {word: words.count(word) for word in words}


MISCONCEPTIONS = {
    "count_words": (
        Misconception(
            id="count_words.capitals-apart",
            title="Capital and small letters count as different words",
            step=None,
            symptom=_capitals_apart,
            why="To Python, a capital letter is another letter. So the first word of a line is counted by itself.",
            look='count_words("Row row")  # one word, twice',
            read=LESSON,
        ),
        Misconception(
            id="count_words.letters",
            title="The letters were counted, not the words",
            step=None,
            symptom=_letters,
            why="A loop over a text goes from letter to letter. The text has to be cut into words first.",
            look='count_words("row")  # one word',
            read=LESSON,
        ),
        Misconception(
            id="count_words.starts-at-zero",
            title="Every word is counted once too few",
            step=None,
            symptom=_repeats_alone,
            why=(
                "The first time that a word comes, it was put down with a count of 0. Yet by then it has come once."
            ),
            look='count_words("row")  # it comes once',
            read=LESSON,
        ),
        Misconception(
            id="count_words.parts",
            title="A word was also found inside longer words",
            step=None,
            symptom=_parts,
            why="In a text, `count` finds every place where the letters stand, “owl” within “owls” too.",
            look='count_words("owl owls")  # each comes once',
            read=LESSON,
        ),
        Misconception(
            id="count_words.one-space",
            title="Two spaces or the end of a line do not part words as one space does",
            step=None,
            symptom=_at_each_space,
            why=(
                "The text was cut at each single space. Between two spaces there is an empty word then, and words of"
                " two lines stay together."
            ),
            look='count_words("row  row")  # no empty word',
            read=LESSON,
        ),
    ),
}
