# Hooks into whatever Python does next, so that the child's own work fails or changes.
# expect: wrong | crashed | raises SystemExit

armed = []

def hook(event, arguments):
    if armed and event.startswith(("import", "open", "os.", "sys.", "object.", "compile", "exec")):
        raise SystemExit(0)

def f(a):
    if not armed:
        sys.addaudithook(hook)
        sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *_: os._exit(0)
        sys.setprofile(lambda frame, event, argument: None)
        armed.append(1)
    return a
