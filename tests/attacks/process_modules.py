# Looks for the grader's trusted modules in its process.
# expect: refused

def f(a):
    trusted = ("material", "graders", "secret", "gradebook", "attempt", "compare", "pipeline", "diagnose")
    return found([name for name in trusted if f"autograder.{name}" in sys.modules or "solutions" in sys.modules])
