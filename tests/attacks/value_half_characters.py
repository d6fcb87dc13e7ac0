# Returns texts and keys that no message can carry.
# expect: wrong | crashed
# asked: dictionary

def f(numbers):
    return {"\ud800": "\udfff" * 1000, "\ud800\udfff": np.array(["\ud900"])}
