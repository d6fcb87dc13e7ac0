# Sends from the kind of socket that event loops are allowed.
# expect: refused

def f(a):
    one, other = socket.socketpair()
    try:
        one.send(b"x")
        return found("sent")
    except PermissionError:
        return found(one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, b"\1\0\0\0")]))
# %% twin: an event loop with tasks that wait for each other
import asyncio

async def add(a):
    await asyncio.sleep(0.001)
    return a + 1

first = await add(0)

def f(a):
    return asyncio.run(add(a)) * first
