# Prints what is right and sends an answer of its own as well.
# expect: crashed | right
# asked: printed

def f(numbers):
    from autograder.child import wire

    for number in numbers:
        print(number + 1)
    say(wire.Running(0))
