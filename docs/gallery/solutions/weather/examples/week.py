# Ways in which students write week. Each cell is a notebook cell; its heading says what graders should find.

# %% right by hand
week = {"mean": (2.5 + 12.5 + 7 + 0.5 + 1) / 7, "wettest": "Thursday", "rainy": 5}

# %% right step by step
week = {}
week["rainy"] = len([mm for mm in rain if mm > 0])
week["mean"] = sum(rain) / len(rain)
for day, mm in zip(days, rain):
    if mm == max(rain):
        week["wettest"] = day

# %% week.place-not-name argmax alone
week = {"rainy": np.count_nonzero(rain), "wettest": rain.argmax(), "mean": rain.mean()}

# %% week.rainy-mean of what is above 0
week = {"rainy": int((rain > 0).sum()), "wettest": days[rain.argmax()], "mean": rain[rain > 0].mean()}

# %% week.all-days the length
week = {"rainy": len(rain), "wettest": days[rain.argmax()], "mean": rain.mean()}
