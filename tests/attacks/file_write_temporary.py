# Leaves a file where temporary ones go.
# expect: refused

def f(a):
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
    return found("written")
# %% twin: a file in memory
def f(a):
    import io

    file = io.BytesIO()
    np.save(file, a)
    file.seek(0)
    return np.load(file) + 1
