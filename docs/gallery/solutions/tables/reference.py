"""A table goes in, and a table comes out."""

import pandas as pd

from autograder.author import plain


def best_sellers(sales: pd.DataFrame) -> pd.DataFrame:
    income = (sales["price"] * sales["sold"]).groupby(sales["thing"]).sum()
    return income.sort_values(ascending=False).rename("income").reset_index()


PROCEDURES = {"best_sellers": plain(best_sellers)}
