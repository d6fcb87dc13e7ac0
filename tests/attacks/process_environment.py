# Looks for names and secrets in its environment.
# expect: refused

def f(a):
    fixed = "PATH PYTHONPATH HOME LANG LC_CTYPE PWD MPLBACKEND PYTHONDONTWRITEBYTECODE PYTHONHASHSEED"
    fixed += " OPENBLAS_NUM_THREADS OMP_NUM_THREADS MKL_NUM_THREADS OPENBLAS_CORETYPE OPENBLAS_L2_SIZE"
    return found(set(os.environ) - set(fixed.split()))
