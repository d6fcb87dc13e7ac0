# Says in place of the child's own code that the function is there, and lacks a hundred thousand modules.
# expect: crashed | raises NameError

from autograder.child import messages

say(messages.Ready(True, 0, 1, [], [], ["numpy"] * 100_000))
