"""Fourier transforms.

torch has three kernels: from complex numbers to complex ones, from real ones to the
half of their transform that says all, and from that half back. All are linear; their
ways back are each other. The functions of torch.fft cut or pad the input, and call one.
"""

import functools

import torch

from helpers.autograd.operations.declare import composite, derivative, on_meta

aten = torch.ops.aten

# By what a kernel divides: nothing, the root of the number of elements, the number.
NOTHING, ROOT, ALL = 0, 1, 2
NORMS = {None: (NOTHING, ALL), "backward": (NOTHING, ALL), "ortho": (ROOT, ROOT),
         "forward": (ALL, NOTHING)}  # fmt: skip

# fmt: off
derivative("fft_c2c(input, dim, normalization, forward)", aten._fft_c2c.default,
    conjugate=False,
    input=lambda grad, dim, normalization, forward: (
        aten._fft_c2c.default(grad, dim, normalization, not forward)))
derivative("fft_r2c(input, dim, normalization, onesided)", aten._fft_r2c.default,
    conjugate=False,
    input=lambda grad, input_shape, dim, normalization, onesided: aten._fft_c2c.default(
        widened(grad, dim[-1], input_shape[dim[-1]]) if onesided else grad,
        dim, normalization, False).real)
derivative("fft_c2r(input, dim, normalization, last_dim_size)", aten._fft_c2r.default,
    conjugate=False,
    input=lambda grad, input_shape, dim, normalization: twice_inside(
        aten._fft_r2c.default(grad, dim, normalization, True),
        dim[-1], grad.shape[dim[-1]]))
# fmt: on


# What each function of torch.fft calls, with numbers of the kind that the kernel takes.


def of_complex(input, dims, lengths, norm, forward):
    """fft and ifft."""
    input = cut_or_padded(in_complex(input), dims, lengths)
    return aten._fft_c2c.default(input, dims, norm, forward)


def of_real(input, dims, lengths, norm, forward):
    """rfft, and ihfft, which is its conjugate."""
    input = cut_or_padded(in_floats(input), dims, lengths)
    half = aten._fft_r2c.default(input, dims, norm, True)
    return half if forward else half.conj()


def to_real(input, dims, lengths, norm, forward):
    """irfft, and hfft, which is that of the conjugate."""
    *before, length = lengths
    input = cut_or_padded(in_complex(input), dims, [*before, length // 2 + 1])
    half = input.conj() if forward else input
    return aten._fft_c2r.default(half, dims, norm, length)


FUNCTIONS = {"fft": (of_complex, True), "ifft": (of_complex, False),
             "rfft": (of_real, True), "ihfft": (of_real, False),
             "irfft": (to_real, False), "hfft": (to_real, True)}  # fmt: skip


def along_one(function, input, n=None, dim=-1, norm=None):
    """A transform along one dimension."""
    function(on_meta(input), n, dim, norm)  # torch's errors
    transform, forward = FUNCTIONS[function.__name__.removeprefix("fft_")]
    return transformed(input, transform, [n], [dim], norm, forward)


def along_some(function, default, input, s=None, dim=None, norm=None):
    """A transform along several dimensions; unless given, two or all."""
    dim = default if dim is None else dim
    function(on_meta(input), s, dim, norm)  # torch's errors
    transform, forward = FUNCTIONS[function.__name__[len("fft_") : -1]]
    s, dim = (list_of(each) for each in (s, dim))
    if dim is None:
        dim = range(-input.ndim if s is None else -len(s), 0)
    s = [None] * len(dim) if s is None else s
    return transformed(input, transform, s, dim, norm, forward)


def transformed(input, transform, lengths, dims, norm, forward):
    """A transform with all that the kernels want to know; None is the input's length.

    The last length is that of the real side, of which the other has the half.
    """
    own = [input.shape[dim] for dim in dims]
    if transform is to_real:
        own[-1] = 2 * (own[-1] - 1)
    lengths = [
        mine if length in (None, -1) else length
        for mine, length in zip(own, lengths, strict=True)
    ]
    dims = [dim % input.ndim for dim in dims]  # the kernels know no others
    return transform(input, dims, lengths, NORMS[norm][not forward], forward)


for name in FUNCTIONS:
    functions = [getattr(torch.fft, name + suffix) for suffix in ("", "2", "n")]
    one, two, several = functions
    composite(one)(functools.partial(along_one, one))
    composite(two)(functools.partial(along_some, two, (-2, -1)))
    composite(several)(functools.partial(along_some, several, None))


@composite(torch.fft.fftshift)
def fftshift(input, dim=None):
    """The frequency 0 in the middle."""
    dims = list(range(input.ndim)) if dim is None else list_of(dim)
    return input.roll([input.shape[each] // 2 for each in dims], dims)


@composite(torch.fft.ifftshift)
def ifftshift(input, dim=None):
    """The frequency 0 in front again."""
    dims = list(range(input.ndim)) if dim is None else list_of(dim)
    return input.roll([-(input.shape[each] // 2) for each in dims], dims)


def list_of(numbers):
    """One number in a list; all else as it is."""
    return [numbers] if isinstance(numbers, int) else numbers


def widened(array, dim, length):
    """An array with zeros behind it, up to a length along a dimension."""
    missing = length - array.shape[dim]
    after = [0, 0] * (array.ndim - 1 - dim % array.ndim)
    return torch.constant_pad_nd(array, [*after, 0, missing])


def twice_inside(half, dim, length):
    """Half a transform, in which what stands for two elements is doubled."""
    inside = torch.arange(half.shape[dim], device=half.device)
    is_double = (inside > 0) & (inside < length - half.shape[dim] + 1)
    shape = [-1 if each == dim % half.ndim else 1 for each in range(half.ndim)]
    return half * (1 + is_double.reshape(shape).to(half.real.dtype))


def cut_or_padded(input, dims, lengths):
    """The first elements along some dimensions, and zeros where more are asked for."""
    for dim, length in zip(dims, lengths, strict=True):
        if length < input.shape[dim]:
            input = input.narrow(dim, 0, length)
        elif length > input.shape[dim]:
            input = widened(input, dim, length)
    return input


def in_complex(input):
    """The same numbers, complex; integers and booleans in the default precision."""
    input = in_floats(input)
    return input if input.is_complex() else input.to(input.dtype.to_complex())


def in_floats(input):
    """The same numbers, in the default precision if they are integers or booleans."""
    is_exact = not (input.is_floating_point() or input.is_complex())
    return input.to(torch.get_default_dtype()) if is_exact else input
