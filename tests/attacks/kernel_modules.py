# Loads a kernel module, another kernel, and restarts the machine.
# expect: refused

def f(a):
    for name in ("finit_module", "init_module", "kexec_load", "reboot", "swapon", "acct", "sethostname", "syslog"):
        try:
            call(name, 0, 0, 0, 0)
            return found(name)
        except OSError as error:
            if error.errno != 1:
                raise
            last = error
    raise last
