# Downloads a solution.
# expect: raises URLError

def f(a):
    import urllib.request

    return found(urllib.request.urlopen("http://example.org", timeout=1).read())
