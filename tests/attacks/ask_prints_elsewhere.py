# Puts something of its own in the place of standard output.
# expect: wrong
# asked: printed

class Output:
    def write(self, text):
        return len(text)

    def getvalue(self):
        return "2\n3\n5\n"

def f(numbers):
    sys.stdout = Output()
    print("hello")
# %% twin: standard output kept for a while
import contextlib
import io

def f(numbers):
    with contextlib.redirect_stdout(io.StringIO()) as kept:
        print(*(number + 1 for number in numbers), sep="\n")
    print(kept.getvalue(), end="")
