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
        "A file of your own does not come along with a notebook, and of libraries only NumPy and what Python brings can be counted on. So what it takes from there is nothing.",
        "Write what the function needs of it into a cell of the notebook",
    ),
    "right-not-returned": Words(
        "The right output is in a variable and is not returned",
        "The function works the right output out, and then hands on something else. Only what stands after return comes back; what other variables hold is forgotten when the function ends.",
        read="what the function returns, in its docstring",
    ),
    "returns-none": Words(
        "The function returns None",
        "A function that ends without reaching a return statement gives None back. Printing a result, or storing it in a variable, does not hand it on.",
        f"print(type({ANY_FUNCTION}(...)))",
    ),
    "wrong-type": Words(
        "What comes back is of the wrong kind",
        "The functions of this course return NumPy arrays, so that the next function can calculate with them.",
        f"print(type({ANY_FUNCTION}(...)))",
    ),
    "wrong-shape": Words(
        "The result has the wrong shape",
        "The shape says which question each number answers. If it is off, the numbers stand in the wrong places even where each of them is right.",
        f"print({ANY_FUNCTION}(...).shape)",
        "the shapes in the docstring of the function",
    ),
    "raises": Words(
        "The function stops with an error",
        "Python stopped inside the function before it could return. The message names what did not fit; often two shapes.",
        "Call the function on the inputs shown here and read the last line of the error",
    ),
    "nan": Words(
        "The result holds nan or infinity",
        "nan comes from 0/0, from ∞ − ∞, or from the root or the logarithm of a negative number. Infinity comes from a division by zero, or from a number too large for the computer, such as the exponential of 1000. Once one is in, everything calculated with it is lost too.",
        f"print(np.isfinite({ANY_FUNCTION}(...)))",
    ),
    "mutates-input": Words(
        "The function changes its inputs",
        "Assigning into an argument, or using += or out= on it, changes the array that the caller still holds. The next line of the notebook then works with other numbers.",
        "Print the input before and after the call",
    ),
    "rounded": Words(
        "The numbers are rounded",
        "Rounding inside a function throws away digits that later steps need. Round only when you print.",
        "Look for round, astype(int) or dtype=int in the function",
    ),
    "low-precision": Words(
        "The numbers have lost precision",
        "Half precision keeps about three digits. That is too few to calculate on with.",
        f"print({ANY_FUNCTION}(...).dtype)",
    ),
    "random": Words(
        "The function gives another answer each time",
        "Called twice with the same inputs, it returned two different results. A function of this course depends on its inputs alone.",
        "Call the function twice and subtract the results",
    ),
    "uses-globals": Words(
        "The function reads the notebook's variables",
        "It works with variables of the notebook instead of what it is handed. It may look right in the notebook, and go wrong for other inputs.",
        "Restart the kernel, run only this cell, and call the function on new arrays",
        "the parameters in the first line of the function",
    ),
    "hardcoded-size": Words(
        "It is right for one size alone",
        "A number in the function stands for a size of its input. It is right where the input happens to have that size, and wrong everywhere else.",
        "Look for numbers in the function that should come from .shape",
    ),
    "hardcoded-answer": Words(
        "The function always gives the same answer",
        "Whatever it is given, it returns the same numbers. They may be the right ones for one input, and are for no other.",
        "Call the function with two different inputs",
    ),
    "returns-early": Words(
        "It returns in the first round of its loop",
        "A return ends the function at once, also inside a loop. So only the first row is made, and the rounds that should follow are never run.",
        "Look at how far the line with return is indented",
    ),
    "timeout": Words(
        "It did not come to an end in time",
        "It was ended when its time was up. A loop that never stops is the usual cause; in this course every function takes far less than a second.",
        "Look at how often each loop runs, at the condition of each while loop, and at functions that call themselves",
    ),
    "out-of-memory": Words(
        "It needs too much memory",
        "It asked for more memory than is allowed. In this course no array is larger than a page of numbers, so a size has probably gone wrong.",
        "Print the shapes of the arrays that the function makes",
    ),
    "crashed": Words(
        "Python itself ended",
        "The process that ran the code ended before the function returned. Calls such as exit() or os._exit() do that; they have no place in a notebook.",
        "Look for exit, quit and os._exit in the notebook",
    ),
    "changed-step": Words(
        "One step differs from what is due",
        "The results are those of the right calculation with one step changed.",
    ),
}


def finding(
    name: str, *, title: str = "", step: str | None = None, line: int | None = None, detail: str = ""
) -> Diagnosis:
    """The general finding of this name; `title` in place of its own, `detail` after its explanation."""
    words = GENERAL[name]
    why = f"{words.why} {detail}".strip()
    return Diagnosis(f"general.{name}", title or words.title, step, line, why, words.look, words.read)
