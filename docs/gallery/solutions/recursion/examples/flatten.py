# Ways in which students write flatten. Each cell is a notebook cell; its heading says what graders should find.

# %% right a stack in place of recursion
def flatten(box):
    row, waiting = [], list(box)
    while waiting:
        thing = waiting.pop(0)
        if type(thing) is list:
            waiting = thing + waiting
        else:
            row.append(thing)
    return row

# %% right a generator
def numbers(box):
    for thing in box:
        if isinstance(thing, list):
            yield from numbers(thing)
        else:
            yield thing

def flatten(box):
    return [*numbers(box)]

# %% right sums of lists
def flatten(box):
    if not isinstance(box, list):
        return [box]
    return sum((flatten(thing) for thing in box), [])

# %% flatten.one-level sum of what is inside
def flatten(box):
    row = []
    for thing in box:
        if isinstance(thing, list):
            for inner in thing:
                row.append(inner)
        else:
            row.append(thing)
    return row

# %% flatten.boxes-kept append for extend
def flatten(box):
    row = []
    for thing in box:
        if isinstance(thing, list):
            row.append(flatten(thing))
        else:
            row.append(thing)
    return row

# %% flatten.inner-lost nothing is done with it
def flatten(box):
    row = []
    for thing in box:
        if isinstance(thing, list):
            flatten(thing)
        else:
            row.append(thing)
    return row

# %% general.mutates-input the box is emptied
def flatten(box):
    row = []
    while box:
        thing = box.pop(0)
        row += flatten(thing) if isinstance(thing, list) else [thing]
    return row
