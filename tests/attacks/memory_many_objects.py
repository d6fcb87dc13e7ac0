# Fills its memory with small objects.
# expect: raises MemoryError | timeout | crashed

def f(a):
    kept = []
    while True:
        kept.append([len(kept)])
