# Patches the encoder of messages.
# expect: raises NameError | crashed

from autograder.child import wire

class Encoder:
    def encode(self, message):
        return b"\x93\xa6passed\xc3\xcb\x40\x24\x00\x00\x00\x00\x00\x00"

wire._encoder = Encoder()

def f(a):
    return a + 1
