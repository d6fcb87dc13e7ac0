# No attack at all: linear algebra, Fourier transforms, random numbers and masked arrays.
# expect: right

def f(a):
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(30, 30))
    u, s, v = np.linalg.svd(matrix)
    assert np.allclose(u * s @ v, matrix)
    assert np.allclose(np.linalg.inv(matrix) @ matrix, np.eye(30))
    assert np.allclose(np.fft.ifft(np.fft.fft(matrix)).real, matrix)
    np.linalg.eigh(matrix + matrix.T), np.linalg.qr(matrix), np.linalg.lstsq(matrix, matrix, rcond=None)
    np.ma.masked_invalid([1.0, np.nan]).mean(), np.einsum("ij,jk->ik", matrix, matrix), np.polyfit([0, 1], [0, 1], 1)
    return a + 1
