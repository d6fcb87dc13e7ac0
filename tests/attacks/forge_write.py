# Patches the call by which answers leave.
# expect: raises NameError | crashed | timeout

write = os.write
os.write = lambda number, data: write(number, b"\x00" * len(data))

def f(a):
    return a + 1
