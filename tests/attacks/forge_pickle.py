# Returns an array of objects that run a command when they are unpickled.
# expect: wrong

class Bomb:
    def __reduce__(self):
        return os.system, ("touch /tmp/owned",)

def f(a):
    return np.array([Bomb()] * 3, dtype=object)
