# Puts a pipe of its own in the place of ours.
# expect: timeout | crashed

def f(a):
    _, writing = os.pipe()
    os.dup2(writing, WRITING)
    return a + 1
