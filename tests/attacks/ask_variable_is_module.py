# Leaves a module in the variable.
# expect: wrong
# asked: variable

f = os
