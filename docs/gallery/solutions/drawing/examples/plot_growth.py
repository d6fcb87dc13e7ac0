# Ways in which students write plot_growth. Each cell is a notebook cell; its heading says what graders should find.

# %% right on axes of its own, in colour, with a title, and his line first
def plot_growth(weeks, mine, his):
    figure, ax = plt.subplots(figsize=(4, 3))
    ax.plot(weeks, his, "--", label="his", color="green")
    ax.plot(weeks, mine, marker="o", label="mine", color="orange")
    ax.set_xlabel("week")
    ax.set_ylabel("height in cm")
    ax.set_title("My garden")
    ax.legend(loc="upper left")
    return figure

# %% right both at once, and the names in the legend
def plot_growth(weeks, mine, his):
    plt.plot(weeks, np.column_stack([mine, his]), label=["mine", "his"])
    plt.legend()
    plt.gca().set(xlabel="week", ylabel="height in cm")

# %% plot_growth.axes-swapped heights first
def plot_growth(weeks, mine, his):
    plt.plot(mine, weeks, label="mine")
    plt.plot(his, weeks, label="his")
    plt.xlabel("week")
    plt.ylabel("height in cm")
    plt.legend()

# %% plot_growth.weeks-left-out the heights alone
def plot_growth(weeks, mine, his):
    plt.plot(mine, label="mine")
    plt.plot(his, label="his")
    plt.xlabel("week")
    plt.ylabel("height in cm")
    plt.legend()

# %% plot_growth.one-line each in a drawing of its own
def plot_growth(weeks, mine, his):
    for heights, name in ((his, "his"), (mine, "mine")):
        plt.figure()
        plt.plot(weeks, heights, label=name)
        plt.xlabel("week")
        plt.ylabel("height in cm")
        plt.legend()
