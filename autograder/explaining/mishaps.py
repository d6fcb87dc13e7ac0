"""What is said of an error: by what the text itself shows, by what its message is about, or by its class."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from autograder.explaining.general import GENERAL, Words

# What can be said of an error that the text itself shows, by how it shows (explaining/stopped.py, explaining/scripted.py).
STOPPED: Final[dict[str, Words]] = {
    "unknown-name": Words(
        "A call hands something on by a name that is not known",
        "What a call hands on by name has to have one of the names that the function knows, letter by letter. Every other name ends in an error.",
        read="the names that the function knows, in its help",
        question="Which names does the function know, and is yours one of them?",
    ),
    "not-called": Words(
        "A function is not called",
        "The name of a function alone stands for the function itself. Only the parentheses after it run it, and give what it works out.",
        question="What stands after the name of each function on this line?",
    ),
    "gives-none": Words(
        "It goes on with what a function does not return",
        "A function that ends without a `return` with a value gives None, to itself as well. What it prints is seen and not handed on.",
        question="On which line does each function hand its result on?",
    ),
    "without-value": Words(
        "A variable may get no value on the way",
        "What stands under a condition or in a loop may never run, and then a variable that gets its value there has none. To read it is an error.",
        question="Which way does this input take through your lines, and which of them give the variable a value?",
    ),
    "no-self": Words(
        "A method has no `self`",
        "Where a method is called, Python hands it the object that stands before the dot, in front of everything in the parentheses. The first parameter is there to take it, and is called `self`.",
        question="How many things does this method get, and how many does it take?",
    ),
    "not-its-own": Words(
        "A method reads a variable of its own and not the object's",
        "A name alone is a variable of the method, which begins anew at each call. What an object keeps is found at the object, behind `self` and a dot.",
        question="Which of the names in this method belong to the object?",
    ),
    "not-kept": Words(
        "`__init__` keeps something for itself and not for the object",
        "A name alone is a variable of the method, which is gone when the method ends. What an object should remember is given to `self`, with a dot and a name after it.",
        question="Which of the names in `__init__` should the object still have later?",
    ),
    "no-init": Words(
        "`__init__` is spelt in another way",
        "When an object is made, Python looks for a method of exactly this name, with two underscores before and two after it. One of another name does not run by itself, and what it should set up is never there.",
        question="How many underscores stand before and after the name?",
    ),
    "no-import": Words(
        "It uses a library that nothing has imported",
        "A library has to be imported before its name means anything. Code from elsewhere often counts on an `import` that stood above it there. Where the task does not ask for that library, what this notebook imports is enough.",
        question="What does this call work out, and what in the libraries that this notebook imports does the same?",
    ),
    "own-assert": Words(
        GENERAL["raises"].title,
        "Python stopped at an `assert` of your own: on this input it does not hold. Either the input should not come to it, or it asks for more than the task does.",
        GENERAL["raises"].look,
        question="Does the task promise what this line takes for granted?",
    ),
    "own-raise": Words(
        GENERAL["raises"].title,
        "Python stopped at a `raise` of your own. Either this input should not come to it, or another class of error is due.",
        GENERAL["raises"].look,
        question="Which conditions lead to this line, and is each of them what you meant?",
    ),
    "other-class": Words(
        "An error of another class is due",
        "Whoever calls this waits for an error of a certain class, and lets every other one pass.",
        read="which error the task asks for",
    ),
}


def _stops(why: str, question: str) -> Words:
    """The words on an error, with more of why, and another question."""
    words = GENERAL["raises"]
    return replace(
        words, why=f"Python stopped inside the function before it could return. {why}", question=question
    )


# What can be said of an error by what its message is about, or by its class, where the line does not show why.
RAISED: Final[dict[str, Words]] = {
    "shapes": _stops(
        "The message names what did not fit; often two shapes.",
        "Which two things met on the line that the error names, and what are their shapes?",
    ),
    "function": _stops(
        "The message names a function where something else is due: what stands there is the function itself, and not what it gives. Only parentheses after its name call it.",
        "What stands after the name of each function on this line?",
    ),
    "truth": _stops(
        "A whole array was asked for one yes or no, as `if`, `and`, `while` and `max` do. An array has an answer for each of its numbers, and not one for all.",
        "What on this line wants one yes or no, and how many numbers is it handed?",
    ),
    "called": _stops(
        "Parentheses stand after something that is no function. The message names its type.",
        "What stands before each pair of parentheses on this line, and is it a function?",
    ),
    "arguments": _stops(
        "A call was handed too little or too much, or not in the form that it takes. The message names the call.",
        "What does that function take, in which order, and what does this line hand it?",
    ),
    "KeyError": _stops(
        "A dictionary was asked for a key that it does not have, or a table for a column. The message is that key.",
        "Which line puts this key in, and has it run by then?",
    ),
    "IndexError": _stops(
        "A place was asked for that is not there: places count from 0, so that the last one is one less than the length.",
        "How long is what this line takes something from, and which place does it ask for?",
    ),
    "NameError": _stops(
        "A name was read to which nothing had given a value. The message names it.",
        "Which line gives this name its value, and is it spelt the same there?",
    ),
    "AttributeError": _stops(
        "Something was asked for a method or an attribute that it does not have; often it is of another type than it was taken for.",
        "What type has the thing before the dot?",
    ),
    "TypeError": _stops(
        "Something was used in a way that its type does not allow, or a call was handed too much or too little. The message names the types, or the call.",
        "Which types do the things on the line have that the error names?",
    ),
    "EOFError": _stops(
        "`input` waits for somebody to type, and where a function is checked nobody does: what it needs is handed to it as an argument.",
        "Which parameter already holds what is asked for here?",
    ),
    "RecursionError": _stops(
        "It called itself again and again, and nothing ended that.",
        "For which inputs does it not call itself, and does every call come nearer to one of these?",
    ),
}
