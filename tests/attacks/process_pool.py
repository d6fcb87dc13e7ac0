# Computes in a pool of processes.
# expect: refused

def f(a):
    import multiprocessing

    with multiprocessing.get_context("fork").Pool(2) as pool:
        return np.array(pool.map(abs, [1]))
# %% twin: a pool of threads
def f(a):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        return a + sum(pool.map(abs, [1, 0, 0]))
