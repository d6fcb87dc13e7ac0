# Ways in which students write walk. Each cell is a notebook cell; its heading says what graders should find.

# %% right a loop over the coins
def walk(start, seconds, generator):
    coins = generator.choice([-1, 1], size=seconds)
    places = np.zeros(seconds + 1)
    places[0] = start
    for i in range(seconds):
        places[i + 1] = places[i] + coins[i]
    return places

# %% right one sum
def walk(start, seconds, generator):
    return np.cumsum(np.append(start, generator.choice([-1, 1], size=seconds)))

# %% walk.forgetful no sum
def walk(start, seconds, generator):
    return np.append(start, start + generator.choice([-1, 1], size=seconds))

# %% walk.start-left-out as many places as coins
def walk(start, seconds, generator):
    return start + np.cumsum(generator.choice([-1, 1], size=seconds))

# %% walk.own-seed that of the lesson
def walk(start, seconds, generator):
    generator = np.random.default_rng(5)
    coins = generator.choice([-1, 1], size=seconds)
    return start + np.concatenate([[0], np.cumsum(coins)])
