"""The names that proven code may use: of Python, of modules and of values; see `pure`. What is not here is not proven.

A name is added only where none of the things that a plain value can be has anything else under it that writes,
remembers, imports, waits, returns memory nobody wrote, or shows an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- Python's own ------------------------------------------------------------------------------------------------------

CONSTANTS: Final = _names("Ellipsis NotImplemented __name__ __debug__")
# Types that may stand as values, be called and be asked after: none makes anything but a plain value.
TYPES: Final = _names("bool bytes complex dict float frozenset int list range set slice str tuple")
# Types that are only asked after.
ASKED_AFTER: Final = _names("object BaseException Exception type")
FUNCTIONS: Final = _names(
    "abs all any ascii bin callable chr divmod format hex isinstance len max min oct ord pow print repr round sorted sum"
)
# What they make has an address, and is taken apart at once.
ITERATORS: Final = _names("enumerate filter iter map reversed zip")
ERRORS: Final = _names(
    """ArithmeticError AssertionError AttributeError Exception FloatingPointError IndexError KeyError LookupError
    NotImplementedError OverflowError RuntimeError StopIteration TypeError UnicodeError ValueError ZeroDivisionError"""
)
# Errors that say nothing of how much memory or stack was left, as those above them would.
CAUGHT: Final = _names(
    """ArithmeticError AssertionError AttributeError FloatingPointError IndexError KeyError LookupError
    NotImplementedError OverflowError StopIteration TypeError UnicodeError ValueError ZeroDivisionError"""
)
# What a notebook has beside what it defines.
OF_THE_NOTEBOOK: Final = _names("In Out display exit get_ipython quit")
# --- What values have --------------------------------------------------------------------------------------------------

DATA: Final = _names(
    "T args denominator dtype eps imag itemsize kind mT name nbytes ndim numerator real shape size start step stop"
)
ITERATED: Final = _names("elements flat items")
METHODS: Final = _names(
    """
    add all any append appendleft argmax argmin argpartition argsort as_integer_ratio astype bit_count bit_length
    capitalize casefold center choice choose clear clip compress conj conjugate copy count cumprod cumsum diagonal difference
    difference_update discard dot endswith expandtabs extend extendleft fill find flatten get
    hex index insert integers intersection intersection_update is_integer isalnum isalpha isascii isdecimal isdigit
    isdisjoint isidentifier islower isnumeric isspace issubset issuperset istitle isupper item join keys ljust lower
    lstrip max mean min most_common move_to_end nonzero normal partition permutation permuted pop popitem popleft poisson
    prod ptp random ravel remove removeprefix removesuffix repeat replace reshape reverse rfind rindex rjust rotate round
    rpartition rsplit rstrip searchsorted setdefault shuffle sort split splitlines squeeze standard_normal
    startswith std strip sum swapaxes swapcase symmetric_difference take title tolist total trace translate transpose
    uniform union update upper values var zfill
    """
)
OF_TYPES: Final = METHODS | _names("fromkeys maketrans fromhex from_bytes")
# Sums and their like begin with what they begin with where `where=` leaves all out; other functions leave what was there.
WHERE: Final = _names("all any mean prod std sum var")

# --- Modules -----------------------------------------------------------------------------------------------------------

NUMPY_TYPES: Final = _names(
    """bool_ complex128 complex64 complexfloating double floating float16 float32 float64 generic half inexact int16 int32
    int64 int8 integer intp longdouble number signedinteger single str_ uint16 uint32 uint64 uint8 unsignedinteger"""
)
NUMPY_CONSTANTS: Final = _names("e euler_gamma inf nan newaxis pi")
NUMPY_INDEXERS: Final = _names("c_ index_exp mgrid ogrid r_ s_")
NUMPY_ITERATORS: Final = _names("ndenumerate ndindex")
UFUNCS: Final = _names(
    """
    abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh
    bitwise_and bitwise_count bitwise_not bitwise_or bitwise_xor cbrt ceil concat conj conjugate copysign cos cosh deg2rad
    degrees divide divmod equal exp exp2 expm1 fabs float_power floor floor_divide fmax fmin fmod frexp gcd greater
    greater_equal heaviside hypot invert isfinite isinf isnan lcm left_shift less less_equal log log10 log1p log2
    logaddexp logaddexp2 logical_and logical_not logical_or logical_xor matmul matvec maximum minimum mod modf multiply
    negative nextafter not_equal positive pow power rad2deg radians reciprocal remainder right_shift rint sign signbit
    sin sinh spacing sqrt square subtract tan tanh true_divide trunc vecdot vecmat
    """
)
UFUNC_METHODS: Final = _names("accumulate at outer reduce reduceat")
NUMPY_FUNCTIONS: Final = UFUNCS | _names(
    """
    all allclose amax amin any append apply_along_axis apply_over_axes arange argmax argmin argpartition argsort argwhere around array
    array_split array_str asanyarray asarray ascontiguousarray asfortranarray astype atleast_1d atleast_2d
    atleast_3d average bincount block broadcast_arrays broadcast_shapes broadcast_to choose clip column_stack compress
    concatenate convolve copy copyto correlate corrcoef count_nonzero cov cross cumprod cumsum cumulative_prod
    cumulative_sum delete diag diag_indices diag_indices_from diagflat diagonal diff digitize dot dsplit dstack dtype
    ediff1d einsum einsum_path expand_dims extract eye fill_diagonal finfo fix flatnonzero flip fliplr flipud fromfunction fromiter full
    full_like gradient histogram histogram2d hsplit hstack identity iinfo imag in1d indices inner insert interp
    intersect1d isclose iscomplex iscomplexobj isin isneginf isposinf isreal isrealobj isscalar issubdtype ix_ kron
    lexsort linspace logspace geomspace mask_indices matrix_transpose max mean median meshgrid min moveaxis nan_to_num nanargmax
    nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar
    ndim nonzero ones ones_like outer pad partition percentile permute_dims piecewise place poly polyadd polyder polyfit
    polyint polymul polyval prod product promote_types ptp put put_along_axis putmask quantile ravel ravel_multi_index real
    real_if_close repeat require reshape resize result_type roll rollaxis roots rot90 round row_stack searchsorted select
    setdiff1d setxor1d shape shares_memory sinc size sort sort_complex split squeeze stack std sum swapaxes take
    take_along_axis tensordot tile trace transpose trapezoid trapz tri tril tril_indices tril_indices_from trim_zeros triu
    triu_indices triu_indices_from union1d unique unique_counts unique_inverse unique_values unravel_index unwrap vander
    var vdot vsplit vstack where zeros zeros_like
    """
)
# What catches all errors itself, lack of memory too: a cell may ask it, a function may not.
SWALLOWING: Final = _names("array_equal array_equiv")
# What makes an array that holds something in every place.
WRITTEN: Final = _names(
    "arange array copy eye full full_like identity linspace ones ones_like zeros zeros_like"
)
PADDING: Final = _names("constant edge linear_ramp maximum mean median minimum reflect symmetric wrap")
LINALG: Final = _names(
    """cholesky cond cross det diagonal eig eigh eigvals eigvalsh inv lstsq matmul matrix_norm matrix_power matrix_rank
    matrix_transpose multi_dot norm outer pinv qr slogdet solve svd svdvals tensordot trace vecdot vector_norm"""
)
ITERTOOLS: Final = _names(
    """accumulate batched chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse
    islice pairwise permutations product repeat starmap takewhile zip_longest"""
)
OPERATOR: Final = _names(
    """abs add and_ concat contains countOf eq floordiv ge getitem gt iadd imul indexOf inv invert is_ is_not isub itruediv
    le lshift lt matmul mod mul ne neg not_ or_ pos pow rshift sub truediv truth xor"""
)
MATH: Final = _names(
    """acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist erf erfc exp exp2 expm1 fabs
    factorial floor fma fmod frexp fsum gamma gcd hypot isclose isfinite isinf isnan isqrt lcm ldexp lgamma log log10
    log1p log2 modf nextafter perm pow prod radians remainder sin sinh sqrt sumprod tan tanh trunc ulp"""
)

# By module: what is called (or handed to what calls it), and what is a value.
CALLED: Final[Mapping[str, frozenset[str]]] = {
    "numpy": NUMPY_FUNCTIONS | NUMPY_TYPES,
    "numpy.linalg": LINALG,
    "math": MATH,
    "functools": _names("reduce"),
    "operator": OPERATOR,
    "collections": _names("Counter OrderedDict defaultdict deque"),
    "copy": _names("copy deepcopy"),
    "statistics": _names("fmean harmonic_mean mean median mode multimode pstdev pvariance stdev variance"),
    "itertools": frozenset(),
    "string": frozenset(),
}
MADE_TO_GO_THROUGH: Final[Mapping[str, frozenset[str]]] = {"numpy": NUMPY_ITERATORS, "itertools": ITERTOOLS}
VALUES: Final[Mapping[str, frozenset[str]]] = {
    "numpy": NUMPY_TYPES | NUMPY_CONSTANTS,
    "math": _names("e inf nan pi tau"),
    "string": _names("ascii_letters ascii_lowercase ascii_uppercase digits hexdigits punctuation whitespace"),
    "collections": _names("Counter OrderedDict defaultdict deque"),
}
# What makes a function of another one, or of plain values.
MAKERS: Final = {("functools", "partial"), ("numpy", "vectorize"), ("operator", "itemgetter")}
# Which places of the arguments hold functions; by keyword it is `key`, or what stands here.
TAKES_FUNCTION: Final[Mapping[tuple[str, str], tuple[int, ...]]] = {
    ("", "map"): (0,),
    ("", "filter"): (0,),
    ("functools", "reduce"): (0,),
    ("functools", "partial"): (0,),
    ("numpy", "vectorize"): (0,),
    ("numpy", "apply_along_axis"): (0,),
    ("numpy", "apply_over_axes"): (0,),
    ("numpy", "fromfunction"): (0,),
    ("itertools", "accumulate"): (1,),
    ("itertools", "dropwhile"): (0,),
    ("itertools", "filterfalse"): (0,),
    ("itertools", "starmap"): (0,),
    ("itertools", "takewhile"): (0,),
}
# Which places of the arguments are gone through at once and kept nowhere, so that a generator may stand there.
_FIRST: Final = range(1)
_SECOND: Final = range(1, 2)
_EVERY: Final = range(1000)
GOES_THROUGH: Final[Mapping[tuple[str, str], range]] = {
    **{
        ("", name): _FIRST
        for name in _names(
            "all any dict enumerate frozenset iter len list next reversed set sorted sum tuple"
        )
    },
    **{("", name): _FIRST for name in ("max", "min")},  # of a single argument
    **{("", name): _EVERY for name in ("map", "zip")},
    ("", "filter"): _SECOND,
    ("functools", "reduce"): _SECOND,
    **{("itertools", name): _EVERY for name in ITERTOOLS - {"count", "repeat"}},
    **{("statistics", name): _FIRST for name in CALLED["statistics"]},
    **{("collections", name): _FIRST for name in ("Counter", "OrderedDict", "deque")},
    ("numpy", "fromiter"): _FIRST,
    ("math", "fsum"): _FIRST,
    ("math", "prod"): _FIRST,
}
METHODS_THAT_GO_THROUGH: Final[Mapping[str, range]] = {
    **dict.fromkeys(_names("difference intersection union update"), _EVERY),
    **{name: range(2) for name in _names("extend extendleft join")},  # the second where the type comes first
    "fromkeys": _FIRST,
}
SUBMODULES: Final = {("numpy", "linalg"): "numpy.linalg"}
# Modules whose names stand in annotations alone.
ANNOTATING: Final = _names("__future__ collections.abc numbers numpy.typing types typing")
ANNOTATIONS_OF_NUMPY: Final = NUMPY_TYPES | _names("ndarray dtype typing NDArray ArrayLike DTypeLike")
