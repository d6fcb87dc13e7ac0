# Changes the processor's descriptor table.
# expect: refused
# only: x86_64

def f(a):
    call("modify_ldt", 0, 0, 0)
    return found("changed")
