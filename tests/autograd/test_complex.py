"""Derivatives of functions of complex numbers, over torch's own sample inputs."""

import pytest
import torch

from tests.autograd.op_samples import entries_named, samples_of
from tests.engines import compare_gradients

NAMES = """
    __rdiv__ __rpow__ __rsub__ abs acos acosh add addcdiv addcmul angle asin asinh atan
    atanh conj conj_physical cos cosh cumprod cumsum div exp exp2 expm1 float_power imag
    lerp linalg.vector_norm log log10 log1p log2 logaddexp logsumexp masked_fill
    masked_select mean mul neg nn.functional.softsign nn.functional.tanhshrink positive
    pow prod real reciprocal rsqrt rsub sgn sigmoid sin sinc sinh sqrt square std sub
    sum tan tanh var where
""".split()


@pytest.mark.parametrize("name", NAMES)
def test_gradients_of_complex_functions_are_torchs(name):
    for entry in entries_named(name):
        if torch.complex128 in entry.dtypes:
            for sample in samples_of(entry, torch.complex128):
                compare_gradients(sample)


def test_a_real_input_among_complex_ones_has_a_real_gradient():
    from helpers.autograd import tensor

    scale = tensor([2.0, 3.0], requires_grad=True)
    turned = scale * torch.tensor([1j, 1 + 1j])
    turned.real.sum().backward()
    assert scale.grad.tolist() == [0.0, 1.0]
