# Ways in which students write best_sellers. Each cell is a notebook cell; its heading says what graders should find.

# %% right a dictionary and sorted
def best_sellers(sales):
    income = {}
    for _, row in sales.iterrows():
        income[row["thing"]] = income.get(row["thing"], 0) + row["price"] * row["sold"]
    rows = sorted(income.items(), key=lambda pair: -pair[1])
    return pd.DataFrame(rows, columns=["thing", "income"])

# %% right on a copy, step by step
def best_sellers(sales):
    table = sales.copy()
    table["income"] = table.price * table.sold
    table = table.groupby("thing").income.sum().reset_index()
    return table.sort_values(by="income", ascending=False).reset_index(drop=True)

# %% best_sellers.least-first as sort_values does
def best_sellers(sales):
    table = sales.assign(income=sales.price * sales.sold)
    return table.groupby("thing", as_index=False)["income"].sum().sort_values("income", ignore_index=True)

# %% best_sellers.old-labels no reset
def best_sellers(sales):
    table = sales.assign(income=sales.price * sales.sold)
    return table.groupby("thing", as_index=False)["income"].sum().sort_values("income", ascending=False)

# %% best_sellers.sums-first multiplied last
def best_sellers(sales):
    table = sales.groupby("thing", as_index=False).sum()
    table["income"] = table["price"] * table["sold"]
    return table[["thing", "income"]].sort_values("income", ascending=False, ignore_index=True)

# %% general.mutates-input the sales get a column
def best_sellers(sales):
    sales["income"] = sales.price * sales.sold
    table = sales.groupby("thing", as_index=False)["income"].sum()
    return table.sort_values("income", ascending=False, ignore_index=True)
