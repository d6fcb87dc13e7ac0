# Prints and raises what a terminal, a web page and a table would act on.
# expect: raises Exception

def f(a):
    text = "\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>{{7*7}}=cmd|'/c calc'!A1"
    print(text)
    raise Exception(text)
