# Fills its memory with small objects.
# expect: raises MemoryError | timeout | crashed
# modes: all

def f(a):
    kept = []
    while True:
        kept.append([len(kept)])
