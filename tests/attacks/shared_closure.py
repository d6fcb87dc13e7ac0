# Keeps it in what two functions close over.
# expect: raises IndexError
# asked: together

def made():
    seen = []
    return lambda a: (seen.append(a), a)[1], lambda a: seen[-1]

g, f = made()
