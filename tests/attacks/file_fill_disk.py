# Fills the disk.
# expect: refused

def f(a):
    for folder in ("/", "/tmp", "/var/tmp", "/dev/shm", "."):
        try:
            with open(os.path.join(folder, "fill"), "wb") as file:
                while True:
                    file.write(bytes(2**20))
        except OSError as error:
            last = error
    raise last
