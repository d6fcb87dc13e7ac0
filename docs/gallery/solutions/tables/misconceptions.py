"""The mistakes that students make in `best_sellers`, as changed lines of the solution."""

from autograder.author import edit

LESSON = "The best sellers"

MISCONCEPTIONS = {
    "best_sellers": (
        edit(
            "best_sellers.least-first",
            "The least comes first",
            (", ascending=False", ""),
            why="Sorting begins with the smallest unless it is told otherwise.",
            look="best_sellers(day)  # the apples stand in the first row",
            read=LESSON,
        ),
        edit(
            "best_sellers.not-sorted",
            "The table is in the order of the alphabet",
            ('.sort_values("income", ascending=False, ignore_index=True)', ""),
            why="Grouping puts the names in order. By what they brought in, the rows still have to be sorted.",
            look="best_sellers(day)  # the largest income stands in the first row",
            read=LESSON,
        ),
        edit(
            "best_sellers.pieces",
            "The pieces were counted, not what they brought in",
            ('sales["price"] * ', ""),
            why="Ten apples bring in less than ten jars of honey: the price has to come in before anything is added up.",
            look="best_sellers(day)  # the apples brought in 13",
            read=LESSON,
        ),
        edit(
            "best_sellers.sums-first",
            "Prices and pieces were added up first, and then multiplied",
            (
                "income = sales",
                'sales = sales.groupby("thing", as_index=False)[["price", "sold"]].sum()\n    income = sales',
            ),
            why="Two sales at two prices are two products. The sum of all prices is the price of nothing that was"
            " ever sold.",
            look="best_sellers(day)  # the apples brought in 5 and 8",
            read=LESSON,
        ),
        edit(
            "best_sellers.every-sale",
            "A thing has a row for each of its sales",
            ('.groupby("thing", as_index=False)["income"].sum()', '[["thing", "income"]]'),
            why="What each sale brought in is right. The sales of one thing belong together.",
            look="best_sellers(day)  # two rows",
            read=LESSON,
        ),
        edit(
            "best_sellers.old-labels",
            "The rows have the numbers that they had before they were sorted",
            (", ignore_index=True", ""),
            why="A row takes its label along when it is sorted. They should be numbered anew, from 0.",
            look="best_sellers(day).index  # 0, 1",
            read=LESSON,
        ),
        edit(
            "best_sellers.labelled",
            "The names are the labels of the rows, and no column",
            (', as_index=False)["income"]', ')[["income"]]'),
            (", ignore_index=True", ""),
            why="Grouping makes labels of what it groups by. Here the names should be a column like any other.",
            look="best_sellers(day).columns  # thing and income",
            read=LESSON,
        ),
    ),
}
