# Returns times in units that overflow.
# expect: wrong | raises ValueError | raises OverflowError
# asked: list

def f(numbers):
    return [np.datetime64(2**62, "Y"), np.timedelta64(-(2**63), "s"), np.datetime64("NaT")]
