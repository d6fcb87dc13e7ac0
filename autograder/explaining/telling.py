"""What a small edit says in words: the line and what to look at, and never the edit.

Only names that stand in the student's own line are said, and what kind of thing is not right there. What stands there
once it is right is nowhere in `Placed`, so that no word here can give it away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from autograder.explaining.general import GENERAL, Words, finding
from autograder.explaining.placed import Kind, Placed
from autograder.records import Diagnosis
from autograder.words import agree, listed


@dataclass(frozen=True)
class Look:
    """What is said of one kind of edit, after the line."""

    said: str  # what to look at; {} is the name that stands there
    unnamed: str  # the same where no name can be said
    why: str
    question: str  # to answer for oneself


LOOKS: Final[Mapping[Kind, Look]] = {
    "argument": Look(
        ": look at what the call at {} is given",
        ": look at what the call is given",
        "A call takes its arguments in their order, or by name. What each of them is for decides what comes back.",
        "What does this call need to know, and in which order does it take it?",
    ),
    "attribute": Look(
        ": is {} a variable of this one call, or something that the object keeps?",
        ": is this a variable of one call, or something that the object keeps?",
        "A variable of a method is gone when the call ends. What is to last from one call to the next belongs to the object.",
        "Which of the names on this line are needed after the call, and which only during it?",
    ),
    "augmented": Look(
        ": does it put something new in the place of {}, or go on with what is there, and which is needed?",
        ": does it put something new in its place, or go on with what is there, and which is needed?",
        "A plain assignment forgets what was there before, an augmented one goes on from it, and a line without either changes nothing.",
        "What does this variable hold before the line, and what should it hold after it?",
    ),
    "axis": Look(
        ": look at the axis at {}",
        ": look at the axis",
        "An axis says along which direction something runs. The one that is named is the one that goes away.",
        "Which axis goes away here, and which one do you want to keep?",
    ),
    "braces": Look(
        ": what comes in the place of the names in braces?",
        ": what comes in the place of the names in braces?",
        "In a plain text, braces and what is between them are characters like any others. Only a formatted text has values put into it.",
        "What would you see if you printed this text?",
    ),
    "branch": Look(
        ": look at what runs under which condition, and which of them is asked first",
        ": look at what runs under which condition, and which of them is asked first",
        "Of an `if` with its `elif` and `else`, the first whose condition is true runs, and none after it. Another `if` begins anew, and what stands below without an indent runs in any case.",
        "Which of these conditions are true for the input that is shown, and what runs then?",
    ),
    "call": Look(
        ": is a call at {} missing, one too many, or not the right one?",
        ": is a call missing here, one too many, or not the right one?",
        "A call too many, a missing one or a wrong one often changes nothing but the numbers, or the kind of thing that comes back.",
        "What kind of thing is worked out here before any call, and what does each call make of it?",
    ),
    "comparison": Look(
        ": look at the comparison at {}",
        ": look at the comparison",
        "Which side is the larger one, and whether equal counts, decides what happens at the border.",
        "What happens at the border, where both sides are equal?",
    ),
    "condition": Look(
        ": look at the condition at {}",
        ": look at the condition",
        "A condition decides what runs, and `not` turns it round. Each side of `and` and `or` is one by itself, in which whatever is not 0 and not empty counts as true.",
        "For which values is this condition true, and for which should it be?",
    ),
    "constant": Look(
        ": look at the number at {}",
        ": look at the number",
        "A number that is written out stays what it is, whatever the inputs are.",
        "Where does this number come from, and would it be the same for other inputs?",
    ),
    "copy": Look(
        ": is there an array or a list of its own at {}, or another name for one that is changed again?",
        ": is there an array or a list of its own here, or another name for one that is changed again?",
        "To give an array or a list a name, to append it to a list or to have it filled copies nothing. What is changed in it later shows under all its names.",
        "How many arrays and lists are made in this function, and which names does each of them have?",
    ),
    "default": Look(
        ": how often is the default value of {} made, and who shares it?",
        ": how often is the default value made, and who shares it?",
        "A default value is made once, when the function is defined. All calls that give no other one share it, so that a call finds in it what earlier calls have left there.",
        "What does a second call find in this parameter?",
    ),
    "deletion": Look(
        ": is this line needed, and what does it do to {}?",
        ": is this line needed?",
        "A line that is right by itself can do harm where it stands.",
        "What would be different if this line were not there?",
    ),
    "dtype": Look(
        ": which kind of numbers comes of {}, and what becomes of their decimals?",
        ": which kind of numbers comes of it, and what becomes of their decimals?",
        "An array of whole numbers cuts the decimals off whatever is put into it, without a word, so that a fraction between 0 and 1 becomes 0. Infinity it cannot hold at all.",
        "Which of your arrays can hold a number such as 0.25?",
    ),
    "grouping": Look(
        ": look at what is worked out first at {}",
        ": look at what is worked out first",
        "Products and quotients come before sums, and what stands in parentheses before both.",
        "In which order does Python work this line out, and in which order should it?",
    ),
    "in-place": Look(
        ": what does the call at {} return?",
        ": what does the call return?",
        "A call that changes its object in place returns None. What has been changed is the object, and the call itself has nothing to go on with.",
        "What do you see if you print the result of this call?",
    ),
    "index": Look(
        ": look at the index of {}",
        ": look at the index",
        "Places count from 0, an index has a part for each axis, and a slice ends before its last place.",
        "Which entries does this index pick, counted from 0?",
    ),
    "into-loop": Look(
        " runs once; it belongs inside the loop",
        " runs once; it belongs inside the loop",
        "What is indented under a loop runs in every round, and what stands beside it runs once.",
        "How often does this line run, and how often should it?",
    ),
    "keepdims": Look(
        ": does the axis at {} stay, with length 1, or go, and which is needed?",
        ": does the axis stay, with length 1, or go, and which is needed?",
        "What was summed up has an axis less. Whether it meets the rows or the columns of the next array hangs on that.",
        "What shape does this have, and what shape does the next line need?",
    ),
    "loop": Look(
        ": look at how often the loop runs, where it begins and where it ends",
        ": look at how often the loop runs, where it begins and where it ends",
        "A range begins at 0 unless it is told otherwise, and ends before its last number.",
        "What are the first and the last value in this loop?",
    ),
    "looped": Look(
        ": the loop goes through {}, and changes it on the way",
        ": the loop goes through something that it changes on the way",
        "A loop counts places. When entries are taken out or put in on the way, the others move, so that the loop misses some, meets some twice, or runs out of them.",
        "Which entry comes next in this loop after one has been taken out or put in?",
    ),
    "name": Look(
        ": is {} the variable that is meant?",
        ": is this the variable that is meant?",
        "Variables with like names or like shapes are easily taken for each other.",
        "What does each variable on this line hold, and which of them does the formula name?",
    ),
    "no-return": Look(
        ": what comes back where no line with `return` is reached?",
        ": what comes back where no line with `return` is reached?",
        "A function that comes to its end without meeting a `return` gives None back, whatever it has worked out.",
        "Which ways lead through this function, and what does each of them return?",
    ),
    "operator": Look(
        ": look at how things are put together at {}",
        ": look at how things are put together",
        "Plus, minus, times, divided by and their like take the same two things and make others of them, often of the same kind and shape. So no error tells which one is meant.",
        "What comes out of this for two small numbers, and is that what should?",
    ),
    "order": Look(
        ": look at what comes first at {}",
        ": look at what comes first",
        "The order of two sides, or of two lines, counts wherever they cannot be exchanged, as in a difference, a quotient or a product of matrices.",
        "Would the result be the same if the two sides changed places?",
    ),
    "out-of-loop": Look(
        " runs in every round; it belongs outside the loop",
        " runs in every round; it belongs outside the loop",
        "What is indented under a loop runs in every round, and what stands beside it runs once.",
        "How often does this line run, and how often should it?",
    ),
    "printed": Look(
        ": is the result shown at {}, or handed back, and which is needed?",
        ": is the result shown, or handed back, and which is needed?",
        "What is printed can be read, and no other line can go on with it. Only what stands after return comes back.",
        "What does a line get that calls this function and gives the result a name?",
    ),
    "return": Look(
        ": look at what is returned",
        ": look at what is returned",
        "Only what stands after return comes back, and in that order.",
        "What does the docstring promise to hand back?",
    ),
    "rounding": Look(
        ": what becomes of the digits at {}?",
        ": what becomes of the digits here?",
        GENERAL["rounded"].why,
        GENERAL["rounded"].question,
    ),
    "sign": Look(
        ": look at the sign of {}",
        ": look at the sign",
        "A minus too many or too few turns large into small.",
        "Should the result grow or shrink when this part grows?",
    ),
    "size": Look(
        ": which size is meant at {}, and along which axis?",
        ": which size is meant, and along which axis?",
        "A shape has a size for each axis. Inputs in which two of them are equal do not show which one is meant; others do.",
        "Which sizes do the inputs have, and which of them does the formula name?",
    ),
    "switch": Look(
        ": look at the True or False at {}",
        ": look at the True or False",
        "A True or a False that is written out turns something on or off, whatever the inputs are.",
        "What does it turn on or off, and which of the two do you need?",
    ),
    "term": Look(
        ": look at the parts of the formula at {}, of which one is too many or missing",
        ": look at the parts of the formula, of which one is too many or missing",
        "Part by part, the line should say what the formula of the lesson says.",
        "Which parts does the formula have, and where is each of them on this line?",
    ),
    "text": Look(
        ": look at the text and at what is put into it, at {}",
        ": is this the text that is meant, to the letter?",
        "Texts count to the letter, with capitals, spaces and signs, and each has its place.",
        "Which text should be here, and which values should stand in it, in which order?",
    ),
    "transpose": Look(
        ": look at rows and columns of {}",
        ": look at rows and columns",
        "Whether rows and columns are exchanged decides which numbers meet. With square matrices no error says so.",
        "What do the rows and what do the columns stand for, on each side?",
    ),
    "turned": Look(
        ": what runs where the condition at {} is true, and what where it is not?",
        ": what runs where the condition is true, and what where it is not?",
        "The condition is the wrong way round, or what stands in its two branches has changed places: one comes to the same as the other.",
        "For the input that is shown, is this condition true, and which of the two branches should run?",
    ),
    "unit": Look(
        ": in which unit is {}, and which one does the formula take?",
        ": in which unit is each number, and which one does the formula take?",
        "Degrees and radians, or percent and parts of one, are numbers like any others. So no error tells which one is meant.",
        "What is the input that is shown in the unit that the formula takes?",
    ),
    "unkept": Look(
        ": what becomes of what {} returns?",
        ": what becomes of what this line works out?",
        "A call such as this one leaves what it is given as it was and returns something new. Where nothing takes that, it is lost.",
        "What is the variable before this line, and what is it after it?",
    ),
}

_LONGEST: Final = 40  # characters of a name


def told(places: Sequence[Placed]) -> tuple[Diagnosis, ...]:
    """The findings that the small edits at these places are, which together make every ordinary input right."""
    # Two places on one line, of which the same is to be asked, are told once.
    return tuple(dict.fromkeys(_told(placed, len(places)) for placed in places))


def _told(placed: Placed, among: int) -> Diagnosis:
    title = f"{_place(placed)}{_look(placed)}"
    here = "One small change here" if among == 1 else "One small change at each of these places"
    sure = f"{here}, with everything else as it stands, makes it right on every ordinary input."
    line = placed.line if placed.function is None else None
    look = LOOKS[placed.kind]
    words = Words(title, f"{look.why} {sure}", question=look.question)
    # What is known by its kind alone has an id of its own.
    name = "rounded" if placed.kind == "rounding" else "one-edit"
    return replace(finding(name, step=placed.step, line=line, words=words), kind=placed.kind)


def _place(placed: Placed) -> str:
    """Where it is: the lines, the function where it is a helper, and the step of the lesson."""
    where = f"Line{agree(len(_lines(placed)), '', 's')} {listed([str(line) for line in _lines(placed)])}"
    if placed.function is not None:
        helper = f"`{placed.function}`" if _is_name(placed.function) else "another function"
        where += f" of the cell that defines {helper}"
    return where if placed.step is None else f"{where}, at the step “{placed.step}”"


def _look(placed: Placed) -> str:
    look = LOOKS[placed.kind]
    said = look.said.format(f"`{placed.subject}`") if _is_name(placed.subject) else look.unnamed
    if said.startswith(":"):
        return said
    if len(_lines(placed)) > 1:
        said = said.replace(" runs", " run").replace("it belongs", "they belong")
    return said if placed.step is None else f",{said}"


def _lines(placed: Placed) -> Sequence[int]:
    return sorted(set(placed.lines))


def _is_name(subject: str) -> bool:
    """Whether it is a name, or a chain of names, and short: nothing else of a student's line is said."""
    return len(subject) <= _LONGEST and all(part.isidentifier() for part in subject.split("."))
