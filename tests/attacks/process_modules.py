# Looks for the grader's trusted modules in its process.
# expect: refused

def f(a):
    trusted = ("material", "graders", "secret", "gradebook", "attempt", "compare", "pipeline", "diagnose")
    loaded = {name.split(".")[-1] for name in sys.modules if name.startswith("autograder.")}
    return found([name for name in trusted if name in loaded or "solutions" in sys.modules])
