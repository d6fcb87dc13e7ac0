"""The sentences that the next-word model is trained on: made by a small grammar, not taken from any text."""

from __future__ import annotations

import numpy as np

VOCABULARY = """
Carlos Alcaraz Serena Williams Clara Schumann he she a the is was plays catches hits loves helps sings mends very really
quite skilled famous young old fast strong kind generous tennis football player champion racket ball court match fisher
boat fish sea harbour singer song piano concert music philanthropist teacher school children friend net star and in on
with for of .
""".split()

# Who there is, what they are called later, what they are, and what they do; words of one list are as likely as each other.
_PEOPLE = {
    "sport": (
        ("Carlos Alcaraz", "Serena Williams", "the player", "the champion", "the football star"),
        ("he", "she"),
    ),
    "sea": (("the fisher", "the old fisher", "the young fisher", "the strong fisher"), ("he",)),
    "music": (("Clara Schumann", "the singer", "the famous singer", "the piano star"), ("she",)),
    "help": (
        ("the teacher", "the philanthropist", "the kind teacher", "the generous philanthropist"),
        ("she", "he"),
    ),
}
_ARE = {
    "sport": (
        "skilled tennis player",
        "skilled tennis player",
        "strong tennis champion",
        "fast football player",
        "famous tennis star",
    ),
    "sea": ("skilled fisher", "strong fisher", "kind friend of the children"),
    "music": ("skilled singer", "famous piano star", "famous singer", "young music teacher"),
    "help": ("generous philanthropist", "kind teacher", "generous friend", "kind friend of the school"),
}
_ALSO = {
    "sport": ("philanthropist", "philanthropist", "champion"),
    "sea": ("singer", "friend of the sea"),
    "music": ("teacher", "philanthropist"),
    "help": ("teacher", "philanthropist", "friend"),
}
_DO = {
    "sport": (
        "plays tennis on the court", "plays tennis with a friend", "plays football in the match", "hits the ball with a racket",
        "hits the ball in the net", "catches the ball on the court", "loves tennis", "loves the match",
    ),
    "sea": (
        "catches the fish in the sea", "catches the fish with a net", "mends the net on the boat", "mends the boat in the harbour",
        "loves the sea", "loves the harbour",
    ),
    "music": (
        "plays the piano in a concert", "plays the piano for the children", "sings a song in a concert", "sings a song of the sea",
        "loves music", "loves the piano",
    ),
    "help": (
        "helps the children of the school", "helps a friend in the school", "helps the children with the music", "loves the children",
        "loves the school",
    ),
}  # fmt: skip
_HOW = ("very", "really", "quite", "")


def sentence(rng: np.random.Generator) -> list[str]:
    """One sentence as a list of words of the vocabulary, with its full stop."""

    def one(words: tuple[str, ...]) -> str:
        return str(rng.choice(words))

    topic = one(tuple(_PEOPLE))
    full, short = _PEOPLE[topic]
    who = one(short) if rng.random() < 0.2 else one(full)
    if rng.random() < 0.45:
        is_a = f"{one(('is', 'is', 'was'))} a {one(_HOW)} {one(_ARE[topic])}"
        also = f" and {one(_ALSO[topic])}" if rng.random() < 0.4 else ""
        text = f"{who} {is_a}{also} ."
    else:
        also = f" and {one(_DO[topic])}" if rng.random() < 0.15 else ""
        text = f"{who} {one(_DO[topic])}{also} ."
    return text.split()


def sentences(many: int, seed: int) -> list[list[str]]:
    """As many sentences, the same for the same seed."""
    rng = np.random.default_rng(seed)
    return [sentence(rng) for _ in range(many)]
