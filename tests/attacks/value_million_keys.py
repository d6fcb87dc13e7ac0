# Returns a dictionary of a million keys.
# expect: wrong | timeout
# asked: dictionary
# limits: fair

def f(numbers):
    return dict.fromkeys(range(10**6), 1)
# %% twin: a large dictionary on the way
def f(numbers):
    after = {number: number + 1 for number in range(50_000)}
    return {number: after[number] for number in numbers}
