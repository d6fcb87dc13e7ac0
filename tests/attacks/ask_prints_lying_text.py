# Prints a text that lies about its length and its beginning.
# expect: wrong | timeout | out-of-memory | crashed | raises TypeError
# asked: printed

class Liar(str):
    def __len__(self):
        return 0

    def __getitem__(self, part):
        return Liar("x" * 10**6)

    def __str__(self):
        return self

def f(numbers):
    for _ in range(1000):
        sys.stdout.write(Liar("x"))
