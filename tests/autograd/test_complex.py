"""Derivatives of functions of complex numbers, over torch's own sample inputs."""

import pytest
import torch

from tests.autograd.op_samples import entries_named, samples_of
from tests.engines import Sample, compare, compare_gradients, error_of, seed

NAMES = """
    __rdiv__ __rpow__ __rsub__ abs acos acosh add addcdiv addcmul angle asin asinh atan
    atanh block_diag cholesky_inverse cholesky_solve conj conj_physical corrcoef cos
    cosh cumprod cumsum diagonal_scatter diff div exp exp2 expm1 fft.fft
    fft.fftshift fft.hfft fft.ifftn fft.irfft2 float_power imag ldexp lerp
    linalg.cholesky_ex linalg.cond linalg.eigvals linalg.eigvalsh linalg.inv_ex
    linalg.lstsq linalg.lu linalg.lu_factor linalg.pinv linalg.qr
    linalg.solve_triangular linalg.svdvals linalg.vander linalg.vector_norm log log10
    log1p log2 logaddexp logcumsumexp logsumexp lu_unpack masked_fill masked_select
    matrix_exp mean mul neg nn.functional.softsign nn.functional.tanhshrink positive pow
    prod real reciprocal renorm rsqrt rsub sgn sigmoid sin sinc sinh sqrt square std sub
    sum tan tanh trapezoid var view_as_real where
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


def of_vectors(name):
    """A loss of complex vectors that does not depend on their phases."""

    def loss(matrix):
        if name == "eigh":
            values, vectors = torch.linalg.eigh(matrix + matrix.mH)
            return (vectors.abs().pow(3) * values).sum()
        left, values, right = torch.linalg.svd(matrix, full_matrices=False)
        pair = (left[:, :1] * right[:1]).real.sum()
        return pair * values[1] + left.abs().pow(3).sum() + right[0].abs().pow(3).sum()

    return loss


@pytest.mark.parametrize(
    "name, rows", [("eigh", 3), ("svd", 2), ("svd", 3), ("svd", 4)]
)
def test_losses_of_complex_vectors_have_torchs_gradients(name, rows):
    seed(0)
    matrix = torch.randn(rows, 3, dtype=torch.complex128).requires_grad_()
    compare_gradients(Sample(of_vectors(name), (matrix,), {}))


@pytest.mark.parametrize("name", ["eigh", "eig", "svd"])
def test_a_loss_of_a_phase_is_refused_as_torch_does(name):
    def scenario(engine):
        seed(0)
        matrix = engine.leaf_of(torch.randn(3, 3, dtype=torch.complex128))
        vectors = getattr(torch.linalg, name)(matrix)[0 if name == "svd" else 1]
        return error_of(lambda: vectors.real.sum().backward(), "ill-defined")

    assert compare(scenario) is RuntimeError
