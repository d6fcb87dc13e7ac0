# Replaces a line of the grader for those who come later.
# expect: refused

def f(a):
    import autograder.child.session

    with open(autograder.child.session.__file__, "r+") as file:
        file.write("#")
    return found("written")
