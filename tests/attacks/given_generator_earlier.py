# Keeps the generator of the first call and goes on with it in those to come.
# expect: wrong
# asked: generator

kept = []

def f(generator, a):
    kept.append(generator)
    return a + kept[0].random(len(a))
