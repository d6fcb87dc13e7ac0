# Sends every answer twice.
# expect: crashed
# asked: objects

from autograder.child import wire

once = wire.write_message

def twice(descriptor, message):
    once(descriptor, message)
    once(descriptor, message)

wire.write_message = twice

def f(items):
    return iter([2, 3, 5])
