# Spends its time in threads, while the one that is watched sleeps.
# expect: timeout
# modes: all

def f(a):
    import zlib

    data = bytes(10**7)

    def spin():
        while True:
            zlib.crc32(data)

    for _ in range(4):
        threading.Thread(target=spin, daemon=True).start()
    time.sleep(60)
