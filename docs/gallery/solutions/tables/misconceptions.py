"""The mistakes that students make in `best_sellers`."""

import pandas as pd

from autograder.author import Misconception
from solutions.tables.reference import best_sellers

LESSON = "The best sellers"


def _least_first(sales: pd.DataFrame) -> pd.DataFrame:
    return best_sellers(sales)[::-1].reset_index(drop=True)


def _not_sorted(sales: pd.DataFrame) -> pd.DataFrame:
    return best_sellers(sales).sort_values("thing", ignore_index=True)


def _pieces(sales: pd.DataFrame) -> pd.DataFrame:
    return best_sellers(sales.assign(price=1.0))


def _sums_first(sales: pd.DataFrame) -> pd.DataFrame:
    return best_sellers(sales.groupby("thing", as_index=False)[["price", "sold"]].sum())


def _every_sale(sales: pd.DataFrame) -> pd.DataFrame:
    income = sales.assign(income=sales["price"] * sales["sold"])[["thing", "income"]]
    return income.sort_values("income", ascending=False, ignore_index=True)


def _old_labels(sales: pd.DataFrame) -> pd.DataFrame:
    return _not_sorted(sales).sort_values("income", ascending=False)


def _labelled(sales: pd.DataFrame) -> pd.DataFrame:
    return best_sellers(sales).set_index("thing")


MISCONCEPTIONS = {
    "best_sellers": (
        Misconception(
            id="best_sellers.least-first",
            title="The least comes first",
            step=None,
            symptom=_least_first,
            why="Sorting begins with the smallest unless it is told otherwise.",
            look="best_sellers(day)  # the apples stand in the first row",
            read=LESSON,
        ),
        Misconception(
            id="best_sellers.not-sorted",
            title="The table is in the order of the alphabet",
            step=None,
            symptom=_not_sorted,
            why="Grouping puts the names in order. By what they brought in, the rows still have to be sorted.",
            look="best_sellers(day)  # the largest income stands in the first row",
            read=LESSON,
        ),
        Misconception(
            id="best_sellers.pieces",
            title="The pieces were counted, not what they brought in",
            step=None,
            symptom=_pieces,
            why="Ten apples bring in less than ten jars of honey: the price has to come in before anything is added up.",
            look="best_sellers(day)  # the apples brought in 13",
            read=LESSON,
        ),
        Misconception(
            id="best_sellers.sums-first",
            title="Prices and pieces were added up first, and then multiplied",
            step=None,
            symptom=_sums_first,
            why=(
                "Two sales at two prices are two products. The sum of all prices is the price of nothing that was"
                " ever sold."
            ),
            look="best_sellers(day)  # the apples brought in 5 and 8",
            read=LESSON,
        ),
        Misconception(
            id="best_sellers.every-sale",
            title="A thing has a row for each of its sales",
            step=None,
            symptom=_every_sale,
            why="What each sale brought in is right. The sales of one thing belong together.",
            look="best_sellers(day)  # two rows",
            read=LESSON,
        ),
        Misconception(
            id="best_sellers.old-labels",
            title="The rows have the numbers that they had before they were sorted",
            step=None,
            symptom=_old_labels,
            why="A row takes its label along when it is sorted. They should be numbered anew, from 0.",
            look="best_sellers(day).index  # 0, 1",
            read=LESSON,
        ),
        Misconception(
            id="best_sellers.labelled",
            title="The names are the labels of the rows, and no column",
            step=None,
            symptom=_labelled,
            why="Grouping makes labels of what it groups by. Here the names should be a column like any other.",
            look="best_sellers(day).columns  # thing and income",
            read=LESSON,
        ),
    ),
}
