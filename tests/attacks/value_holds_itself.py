# Returns a list that holds itself.
# expect: wrong
# asked: list

def f(numbers):
    numbers.append(numbers)
    return numbers
# %% twin: a list that holds itself and is not returned
def f(numbers):
    round_and_round = list(numbers)
    round_and_round.append(round_and_round)
    return [number + 1 for number in round_and_round[:-1]]
