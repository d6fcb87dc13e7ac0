"""The general findings: what any function can get wrong, in a student's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from autograder.records import Diagnosis

ANY_FUNCTION: Final = "your_function"  # stands for the name of the one that a finding is about


@dataclass(frozen=True)
class Words:
    """What a student reads about one finding."""

    title: str
    why: str
    look: str = ""  # one line to run
    read: str = ""
    question: str = ""  # to answer for oneself; empty where no question would help


GENERAL: dict[str, Words] = {
    "not-implemented": Words(
        "This function is still the stub",
        "It raises NotImplementedError, as the notebook came. Nothing is wrong yet: there is just nothing to check.",
        read="the docstring of the function: it says what goes in and what comes out",
    ),
    "missing": Words(
        "The function is not there",
        "After all cells had run, no function of this name was there. Was its cell deleted or the function renamed, or does its cell stop with an error?",
        "Restart the kernel and run all cells from the top",
    ),
    "missing-module": Words(
        "It needs a module that is not there",
        "A file of your own does not come along with a notebook, and a library is there only where it is installed. So what it takes from there is nothing.",
        "Write what the function needs of it into a cell of the notebook",
    ),
    "right-not-returned": Words(
        "The right output is in a variable and is not returned",
        "The function works the right output out, and then hands on something else. Only what stands after return comes back; what other variables hold is forgotten when the function ends.",
        read="what the function returns, in its docstring",
        question="What is the last thing that the function hands on?",
    ),
    "returns-none": Words(
        "The function returns None",
        "A function that ends without reaching a return statement gives None back. Printing a result, or storing it in a variable, does not hand it on.",
        f"print(type({ANY_FUNCTION}(...)))",
        question="On which line does the function hand its result on?",
    ),
    "wrong-type": Words(
        "What comes back is of the wrong kind",
        "A NumPy array is calculated with as a whole. A list, a tuple or a single number does something else under +, * and in brackets.",
        f"print(type({ANY_FUNCTION}(...)))",
    ),
    "wrong-shape": Words(
        "The result has the wrong shape",
        "The shape says which question each number answers. If it is off, the numbers stand in the wrong places even where each of them is right.",
        f"print({ANY_FUNCTION}(...).shape)",
        "the shapes in the docstring of the function",
        question="What should one row of the result stand for, and what one column?",
    ),
    "raises": Words(
        "The function stops with an error",
        "Python stopped inside the function before it could return. The message names what did not fit.",
        "Call the function on the inputs shown here and read the last line of the error",
        question="What does the line that the error names work with, on these inputs?",
    ),
    "nan": Words(
        "The result holds nan or infinity",
        "nan comes from 0/0, from ∞ − ∞, or from the root or the logarithm of a negative number. Infinity comes from a division by zero, or from a number too large for the computer, such as the exponential of 1000. Once one is in, everything calculated with it is lost too.",
        f"print(np.isfinite({ANY_FUNCTION}(...)))",
        question="Which numbers go into the line where it first appears?",
    ),
    "mutates-input": Words(
        "The function changes its inputs",
        "Assigning into an argument, using += or out= on it, or calling a method such as sort or pop, changes what the caller still holds. The next line of the notebook then works with other values.",
        "Print the input before and after the call",
        question="Who else still uses this input after your function has run?",
    ),
    "overwrites-results": Words(
        "A call changes what an earlier one has given",
        "The result is kept in something that all calls share, such as an array made once outside of the function. The next call writes over it, and whoever still holds the first result suddenly holds other numbers.",
        "Keep a first result, call the function on other inputs, and print the first result again",
        question="How many arrays are there after two calls, if each caller is to have its own?",
    ),
    "rounded": Words(
        "The numbers are rounded",
        "Rounding inside a function throws away digits that later steps need. Round only when you print.",
        "Look for round, astype(int) or dtype=int in the function",
        question="Which later step would have needed the digits that are gone?",
    ),
    "low-precision": Words(
        "The numbers have lost precision",
        "Half precision keeps about three digits. That is too few to calculate on with.",
        f"print({ANY_FUNCTION}(...).dtype)",
    ),
    "random": Words(
        "It gives another answer each time",
        "Asked twice with the same inputs, it gave two different results. They should depend on its inputs alone, a generator among them: on nothing else that is drawn at random, and nothing left from the last time, as in a list that all objects of a class share.",
        "Ask for the same twice and compare the results",
        question="What in your code does not depend on its inputs?",
    ),
    "uses-globals": Words(
        "The function reads the notebook's variables",
        "It works with variables of the notebook instead of what it is handed. It may look right in the notebook, and go wrong for other inputs.",
        "Restart the kernel, run only this cell, and call the function on new arrays",
        "the parameters in the first line of the function",
        question="What would happen if this cell stood alone in a fresh notebook?",
    ),
    "hardcoded-size": Words(
        "It is right for one size alone",
        "A number in the function stands for a size of its input. It is right where the input happens to have that size, and wrong everywhere else.",
        "Look for numbers in the function that should come from .shape",
        question="Which number in the function is a size, and what happens where that size is another?",
    ),
    "hardcoded-answer": Words(
        "The function always gives the same answer",
        "Whatever it is given, the same comes back. That may be right for one input, and is not for others.",
        "Call the function with two different inputs",
        question="Which lines of the function use its parameters?",
    ),
    "returns-early": Words(
        "It returns in the first round of its loop",
        "A return ends the function at once, also inside a loop. So only the first round is run, and none of those that should follow.",
        "Look at how far the line with return is indented",
        question="How many rounds of the loop are run before the function ends?",
    ),
    "timeout": Words(
        "It did not come to an end in time",
        "It was ended when its time was up. A loop that never stops is the usual cause, or one that runs far too often.",
        "Look at how often each loop runs, at the condition of each while loop, and at functions that call themselves",
        question="What makes each loop stop?",
    ),
    "out-of-memory": Words(
        "It needs too much memory",
        "It asked for more memory than is allowed: something grew without end, or a size has gone wrong.",
        "Print the sizes of what the function makes",
    ),
    "crashed": Words(
        "Python itself ended",
        "The process that ran the code ended, or was ended, before the function returned. Calls such as exit() or os._exit() do that, and so does a loop that prints millions of characters; neither has a place in a notebook.",
        "Look for exit, quit and os._exit in the notebook, and for print inside a loop",
    ),
    "prints-nothing": Words(
        "It prints nothing",
        "What is looked at here is what appears on the screen. A value that is returned is not shown by itself inside a program: it has to be printed.",
        f"{ANY_FUNCTION}(...)",
    ),
    "other-case": Words(
        "Only capital and small letters differ",
        "Computers take “A” and “a” for different characters. The words are right but for that.",
        read="what is said about capital letters in the task",
    ),
    "other-spaces": Words(
        "Only spaces and line breaks differ",
        "A space too many, a missing line break or an indent is a difference too. All other characters are right.",
        f"print(repr({ANY_FUNCTION}(...)))",
    ),
    "other-punctuation": Words(
        "Only punctuation and spaces differ",
        "The letters and digits are right. A comma, a full stop, a quotation mark or a space is there that should not be, or one that should be is not.",
        f"print(repr({ANY_FUNCTION}(...)))",
    ),
    "other-order": Words(
        "The right entries stand in another order",
        "All of them are there, and none is too many. In a list and in a tuple the place of each counts as well.",
        read="the order that the docstring asks for",
    ),
    "duplicates": Words(
        "Some entries come more than once",
        "Each of them should come once. What has been met before has to be passed over.",
    ),
    "missing-item": Words(
        "One entry is missing at an end",
        "All others are right. Often it is the first or the last round that is not made: a range ends before its last number, and a slice before its last place.",
        "Look at where the loop, the range or the slice begins and ends",
    ),
    "extra-item": Words(
        "There is one entry too many at an end",
        "All others are right. Often a round more is made than is needed, or what comes before the first step is kept as well.",
        "Look at where the loop, the range or the slice begins and ends",
    ),
    "negated": Words(
        "Every answer is the opposite of the right one",
        "Where it should be True it is False, and the other way round. A comparison or a `not` is the wrong way round.",
    ),
    "off-by-one": Words(
        "Every number is off by one",
        "A counter that begins or ends one too early or too late gives this, and so does one thing that is counted and should not be, or the other way round.",
        "Look at where the count begins and ends, and at what is counted",
        question="Which is the first thing that is counted here, which is the last, and is any in between left out?",
    ),
    "wrong-keys": Words(
        "The dictionary has other keys than it should",
        "What is looked up by its key is only found under exactly that key: spelling, capital letters and the type count.",
        f"print({ANY_FUNCTION}(...).keys())",
    ),
    "wrong-columns": Words(
        "The table has other columns than it should",
        "A column is found by its name, and the order of the columns counts as well. Everything that is not asked for has to be left out.",
        f"print({ANY_FUNCTION}(...).columns)",
    ),
    "wrong-index": Words(
        "Only the row labels (the index) differ",
        "The cells are right. Rows that were filtered or sorted keep the labels that they had, and a group's name becomes a label, until they are reset.",
        f"print({ANY_FUNCTION}(...).index)",
    ),
    "missing-method": Words(
        "The class lacks a method that is called",
        "An object has what its class defines, by exactly these names.",
        read="the names of the methods, in the docstring of the class",
    ),
    "drawing-lacks": Words(
        "The drawing lacks something that should be on it",
        "Whoever looks at a drawing has nothing but what is on it.",
        "Compare the two drawings on this page",
    ),
    "drawing-differs": Words(
        "The drawing shows something else than it should",
        "It is the data of the drawing that is compared: the places of points and lines, the heights of bars, texts and limits.",
        "Compare the two drawings on this page",
    ),
    "wrong-value": Words(
        "Another value comes back than should",
        "It runs to its end, and what it gives is not what the task asks for.",
        question="What would you get with pencil and paper, step by step?",
    ),
    "no-error": Words(
        "It should stop with an error here, and does not",
        "With such an input there is no right answer. To raise an error says so at once; any value that is returned is taken for an answer.",
        read="for which inputs the task asks for an error",
    ),
    "partly-right": Words(
        "The test cell gives a part of its points",
        "Some of what it tries comes out right, and some does not.",
        "Run the lines of the test cell one by one",
    ),
    "warns": Words(
        "Something is written to the error output",
        "What goes to the error output, such as a warning, counts as an error: a test cell with any of it gives no points.",
        "Run the test cell: it is what stands in red below it",
        question="Which line does it come from, and what does it warn of?",
    ),
    "follows": Words(
        "It would be right if what it calls were",
        "It calls a function that is not right yet. With a right one in its place it gives what it should.",
        question="Which function do you put right first?",
    ),
    "one-edit": Words(
        "One small change on this line makes it right",
        "With one small change here, and everything else as it stands, the function is right on every ordinary input.",
    ),
    "changed-step": Words(
        "One step differs from the right calculation",
        "The results are those of the right calculation with one step changed.",
    ),
}


# What is said of an object's answer, which comes of the calls before it, in the place of what is said of a function's.
SCRIPTED: dict[str, Words] = {
    "missing-item": Words(
        GENERAL["missing-item"].title,
        "All others are right. One of the calls before should have put it there, or should not have taken it away.",
        question="Which of the calls before should have changed what the object keeps, and on which line does it?",
    ),
    "extra-item": Words(
        GENERAL["extra-item"].title,
        "All others are right. One of the calls before has put it there, or should have taken it away.",
        question="Which of the calls before should have changed what the object keeps, and on which line does it?",
    ),
}

# What is said of a Series or an Index, in the place of what is said of a table's columns.
OTHER_NAME: Words = Words(
    "It has another name than it should",
    "A Series has a name of its own, as a column has, and keeps it where it is made of one. It is found under it in a table.",
    f"print({ANY_FUNCTION}(...).name)",
)

# What can be said of a value of the wrong type that is no array, by what it has in common with the right one.
WRONG_TYPE: dict[str, Words] = {
    "any": Words(
        "What comes back is of the wrong type",
        "A number, a text, a list and a dictionary are different things to a program, also where they look alike on the screen.",
        f"print(type({ANY_FUNCTION}(...)))",
    ),
    "count": Words(
        "Not as many arrays come back as should",
        "Whoever calls the function takes its results apart, one by one, so that there have to be as many as the docstring names.",
        read="what the function returns, in its docstring",
        question="What does the docstring promise to hand back, and what stands after your return?",
    ),
    "nothing-due": Words(
        "Something comes back where nothing should",
        "A method that only does something has no `return` with a value after it. Whoever calls it would take what comes back for an answer.",
        f"print(repr({ANY_FUNCTION}(...)))",
    ),
    "none-due": Words(
        "Something comes back where None should",
        "After these calls None is the right answer. Whoever calls it takes anything else for one.",
        f"print(repr({ANY_FUNCTION}(...)))",
    ),
    "text-for-number": Words(
        "A text comes back where a number should",
        "It reads like the right number, and is text: “3” cannot be added up. What is read from a file or typed in is always text, and has to be turned into a number.",
        f"print(repr({ANY_FUNCTION}(...)))",
    ),
    "number-for-text": Words(
        "A number comes back where a text should",
        "It is the right number, and should be text: the characters that are shown for it.",
        f"print(repr({ANY_FUNCTION}(...)))",
    ),
    "text-for-truth": Words(
        "A text comes back where True, False or None should",
        "It reads the same, and in quotation marks it is a text like any other. An `if` takes every text for true that is not empty, “False” too.",
        f"print(repr({ANY_FUNCTION}(...)))",
    ),
    "other-container": Words(
        "The right entries come back in another kind of container",
        "A list, a tuple, a set and an array may hold the same, and are not the same to whoever uses them.",
        f"print(type({ANY_FUNCTION}(...)))",
    ),
    "wrapped": Words(
        "The right value comes back with a list or tuple around it, or without the one that it should have",
        "A comma after a value makes a tuple of it, and square brackets make a list.",
        f"print(repr({ANY_FUNCTION}(...)))",
    ),
}


def finding(
    name: str,
    *,
    title: str = "",
    step: str | None = None,
    line: int | None = None,
    detail: str = "",
    words: Words | None = None,
) -> Diagnosis:
    """The general finding of this name, with its own `words` or others; `title` in place of theirs, `detail` after them."""
    words = words or GENERAL[name]
    why = f"{words.why} {detail}".strip()
    return Diagnosis(
        f"general.{name}",
        title or words.title,
        step,
        line,
        why,
        words.look,
        words.read,
        question=words.question,
    )
