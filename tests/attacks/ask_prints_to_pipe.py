# Prints what is right and sends an answer of its own as well.
# expect: crashed | right
# asked: printed

def f(numbers):
    from autograder.child import messages

    for number in numbers:
        print(number + 1)
    say(messages.Running(0))
