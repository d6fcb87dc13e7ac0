"""What is done with an account."""

import numpy as np

from autograder.author import Case, call, new, read, script


def account_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    small, middle, large = sorted(
        int(euros) for euros in rng.choice(np.arange(11, 99), size=3, replace=False)
    )
    history = call("history")
    return (
        Case(
            "paid in and out",
            script(new(large), call("deposit", small), read("balance"), call("withdraw", middle), history),
            asks="script",
        ),
        Case(
            "opened with nothing",
            script(new(), read("balance"), call("deposit", middle), call("deposit", small), history),
            asks="script",
        ),
        Case(
            "more than there is",
            script(new(small), call("withdraw", large), read("balance"), history, call("withdraw", small)),
            asks="script",
        ),
        Case(
            "down to the last euro",
            script(new(), call("deposit", middle), call("withdraw", middle), read("balance"), history),
            asks="script",
        ),
    )


CASES = {"Account": account_cases}

# What the check of each case weighs.
CHECKS = {
    "Account": {
        "paid in and out": 3,
        "opened with nothing": 2,
        "more than there is": 2,
        "down to the last euro": 1,
    },
}
