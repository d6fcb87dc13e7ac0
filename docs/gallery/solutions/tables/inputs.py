"""What was sold on several days."""

import numpy as np
import pandas as pd

from autograder.author import Case, CaseKind, Procedure, drawn

THINGS = ["apples", "honey", "bread", "cheese", "flowers", "eggs", "plums", "soap"]


def best_sellers_cases(rng: np.random.Generator, reference: Procedure) -> tuple[Case, ...]:
    def day(name: str, things: int, rows: int, kind: CaseKind = "ordinary") -> Case:
        def draw() -> tuple[pd.DataFrame]:
            known = rng.choice(THINGS, size=things, replace=False)
            again = rng.choice(known, size=rows - things) if things else known
            sales = {
                "thing": rng.permutation(np.concatenate([known, again])).astype(object),
                "price": np.round(rng.uniform(0.5, 9.5, size=rows), 2),
                "sold": rng.integers(1, 30, size=rows),
            }
            return (pd.DataFrame(sales),)

        def holds(sales: pd.DataFrame) -> bool:
            # The order is no matter of cents, is not the order of the alphabet, nor that of what was sold most.
            best = reference(sales)
            names, income = list(best["thing"]), best["income"].to_numpy()
            pieces = sales.groupby("thing")["sold"].sum().sort_values(ascending=False)
            apart = bool(np.all(income[:-1] > income[1:] + 1))
            return things < 2 or (
                apart and names not in (sorted(names), sorted(names)[::-1], list(pieces.index))
            )

        return drawn(name, draw, holds, kind=kind)

    return (
        day("a quiet day", 3, 5),
        day("a busy day", 5, 12),
        day("nothing twice", 4, 4),
        day("one sale", 1, 1, kind="single"),
    )


CASES = {"best_sellers": best_sellers_cases}

# By the name of each check: its weight, and the cases that it looks at where it is not called like its one.
CHECKS = {
    "best_sellers": {
        "what two days brought in": (3, "a quiet day", "a busy day"),
        "things that are sold once": (2, "nothing twice", "one sale"),
        "leaves its inputs alone": 1,
    },
}
