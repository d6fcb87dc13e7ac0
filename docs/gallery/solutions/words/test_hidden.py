"""The hidden checks of this unit and what they are worth."""

from autograder.author import agrees

test_song = agrees("count_words", "the words of a song", "a short song", "a single word", points=1.0)
test_capitals = agrees("count_words", "capital letters", "capital letters", points=0.5)
test_lines = agrees("count_words", "several lines", "two lines", points=0.5)
test_parts = agrees("count_words", "a word within a word", "a word within a word", points=0.5)
test_nothing = agrees("count_words", "no words", "no words", points=0.5)
