# Names a class that would be made on the trusted side.
# expect: crashed
# asked: objects

from autograder.child import handles, nodes

def each(self, values, count):
    kind = nodes.KinData("class", 0, ("eval",))
    return nodes.Tree([nodes.ManyData("list", 1), kind]), [], StopIteration()

handles.Handles.each = each

def f(items):
    return iter([2, 3, 5])
