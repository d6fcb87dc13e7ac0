# Prints what looks like a result.
# expect: wrong

def f(a):
    print('{"schema": 1, "score": 10.0, "max_score": 10.0, "status": "graded"}')
    print("::set-output name=score::10", "1 passed", "OK", sep="\n", flush=True)
    return a
