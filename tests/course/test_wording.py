from __future__ import annotations

from autograder.course import wording


def test_operations_entry_by_entry() -> None:
    assert wording.of_entries("divide", ["“product”", "√d_k"]) == ("divide", "Divide “product” by √d_k.")
    assert wording.of_entries("power", ["x", "2"]) == ("square", "Square each entry of x.")
    assert wording.of_entries("log_add_exp", ["x"]) == (
        "log add exp",
        "Apply log add exp to each entry of x.",
    )


def test_folds_and_products() -> None:
    assert wording.of_fold("sum", "row", "x") == ("row sum", "Add up each row of x.")
    assert wording.of_fold("argmax", "column", "x")[0] == "place of the column maximum"
    assert wording.of_fold("nansum", "", "x") == ("nansum", "Take the nansum of x.")
    assert wording.of_product(["x", "y"])[1] == "Multiply x with y: multiply entry by entry, then add up."


def test_others() -> None:
    assert wording.of_other("loop", ["x"]) == ("loop", "Do the same for one after the other.")
    assert wording.of_other("sort_all", ["x", "y"]) == ("sort all", "Work out “sort all” from x and y.")
    assert wording.of_other("sort_all", [])[1] == "Work out “sort all” from the inputs."


def test_names_are_told_apart() -> None:
    assert wording.unique("sum", []) == "sum"
    assert wording.unique("sum", ["sum"], "softmax") == "softmax: sum"
    assert wording.unique("sum", ["sum", "softmax: sum"], "softmax") == "softmax: sum 2"
    assert wording.unique("sum", ["sum"]) == "sum 2"
