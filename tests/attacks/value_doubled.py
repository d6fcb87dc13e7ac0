# Returns a list that takes no room and holds 2⁶⁰ values, each twice the one before.
# expect: wrong | timeout
# asked: list

def f(numbers):
    for _ in range(60):
        numbers = [numbers, numbers]
    return numbers
