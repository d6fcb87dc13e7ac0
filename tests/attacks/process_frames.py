# Searches all objects and frames of its process for inputs, seeds and expected values.
# expect: refused

def f(a):
    names = ("expected", "reference", "secret", "answer", "solution", "hidden_seed", "student")
    hits = [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, dict) and thing is not globals()
        for name in names
        if isinstance(thing.get(name), (np.ndarray, bytes)) and name not in dir(thing)
    ]
    frame = sys._getframe()
    while frame is not None:
        hits += [name for name in names if isinstance(frame.f_locals.get(name), (np.ndarray, bytes))]
        frame = frame.f_back
    return found(hits)
