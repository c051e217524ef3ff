"""Gradients of the engine, checked against finite differences."""

import warnings

import torch

from helpers.autograd.engine.engine import grad
from helpers.autograd.gradcheck.checks import (
    GradcheckError,
    check_jacobians,
    check_linear,
)
from helpers.autograd.gradcheck.jacobian import differentiable
from helpers.autograd.gradcheck.undefined import check_undefined
from helpers.autograd.tensor.tensor import Tensor

NO_INPUT = (
    "gradcheck expects at least one input tensor to require gradient, but none of them "
    "have requires_grad=True."
)
NOT_DOUBLE = (
    "Input #{} requires gradient and is not a double precision floating point or "
    "complex; it holds {}. This check will likely fail if all the inputs are not of "
    "double precision floating point or complex."
)
NOT_HERE = "{} = True is for torch alone; our engine has no such mode. Leave it out"


def gradcheck(func, inputs, *, eps=1e-6, atol=1e-5, rtol=1e-3, raise_exception=True,
              nondet_tol=0.0, check_undefined_grad=True, check_grad_dtypes=False,
              check_batched_grad=False, check_batched_forward_grad=False,
              check_forward_ad=False, check_backward_ad=True, fast_mode=False,
              masked=False) -> bool:  # fmt: skip
    """True if the gradients of `func` agree with central differences.

    Args:
        func: takes `inputs`, returns a Tensor or several; called 2 times for each
            number in the inputs.
        inputs: a Tensor or a tuple; those that require grad, of float64 or complex128,
            are checked. Away from kinks and jumps, if the check is to mean anything.
        eps: the step.
        atol, rtol: allowed is a difference of atol + rtol * |numerical|.
        raise_exception: whether a failure raises; else it returns False.
        nondet_tol: by how much two runs of backward may differ.
        check_undefined_grad: also try backward with no gradient for some outputs.
        check_grad_dtypes: also refuse gradients of another dtype than their input's.

    The other arguments are torch's, and must be left at their defaults.

    Raises: GradcheckError, unless `raise_exception` is False; ValueError if no input
    requires grad; NotImplementedError for an argument that is not offered here. Warns
    of inputs of less than double precision, for which the measurement is too rough.

    Source: torch.autograd.gradcheck. Built in chapter 02.

    >>> from helpers.autograd import tensor
    >>> x = tensor([1.0, 2.0], requires_grad=True, dtype=torch.float64)
    >>> gradcheck(torch.exp, x)
    True
    """
    refuse(check_batched_grad=check_batched_grad, check_forward_ad=check_forward_ad,
           check_batched_forward_grad=check_batched_forward_grad, fast_mode=fast_mode,
           masked=masked)  # fmt: skip
    if not check_backward_ad:
        raise AssertionError(
            "Expected at least one of check_forward_ad or check_backward_ad to be True"
        )
    inputs = inputs if isinstance(inputs, (tuple, list)) else (inputs,)
    check_inputs(inputs)
    try:
        check_jacobians(func, inputs, eps, atol, rtol, nondet_tol, check_grad_dtypes)
        check_linear(func, inputs, check_undefined_grad)
        if check_undefined_grad:
            check_undefined(func, inputs)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(func, inputs, grad_outputs=None, *,
                  gen_non_contig_grad_outputs=False, check_fwd_over_rev=False,
                  check_rev_over_rev=True, **settings) -> bool:  # fmt: skip
    """True if the gradients of the gradients of `func` agree with central differences.

    Args:
        func, inputs: as for `gradcheck`.
        grad_outputs: a gradient for each output that requires grad; random numbers
            from -1 to 1, unless given. Those that require grad are checked too.
        gen_non_contig_grad_outputs: whether the random ones lie apart in memory.
        settings: those of `gradcheck`.

    Raises: as `gradcheck`.

    Source: torch.autograd.gradgradcheck. Built in chapter 03.

    >>> from helpers.autograd import tensor
    >>> x = tensor([1.0, 2.0], requires_grad=True, dtype=torch.float64)
    >>> gradgradcheck(torch.sin, x)
    True
    """
    refuse(check_fwd_over_rev=check_fwd_over_rev)
    if not check_rev_over_rev:
        raise AssertionError(
            "Expected at least one of check_fwd_over_rev or check_rev_over_rev to be "
            "True"
        )
    inputs = tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)
    if grad_outputs is None:
        outputs = differentiable(func(*inputs))
        apart = gen_non_contig_grad_outputs
        grad_outputs = [random_leaf_like(each, apart) for each in outputs]
    elif not isinstance(grad_outputs, (tuple, list)):
        grad_outputs = (grad_outputs,)
    count = len(inputs)

    def gradients(*args):
        outputs = differentiable(func(*args[:count]))
        found = grad(outputs, differentiable(args[:count]), args[count:],
                     create_graph=True, allow_unused=True)  # fmt: skip
        return tuple(each for each in found if each is not None)

    return gradcheck(gradients, (*inputs, *grad_outputs), **settings)


def refuse(**asked):
    """NotImplementedError for a check that only torch's engine can make."""
    for name, value in asked.items():
        if value:
            raise NotImplementedError(NOT_HERE.format(name))


def check_inputs(inputs):
    """Refuse inputs none of which requires grad; warn of rough ones."""
    if not differentiable(inputs):
        raise ValueError(NO_INPUT)
    for place, each in enumerate(inputs):
        is_checked = isinstance(each, Tensor) and each.requires_grad
        if is_checked and each.dtype not in (torch.float64, torch.complex128):
            text = NOT_DOUBLE.format(place, each.dtype)
            warnings.warn(text, UserWarning, stacklevel=3)


def random_leaf_like(output, noncontiguous):
    """Random numbers to weigh an output with: a leaf that requires grad."""
    numbers = torch.testing.make_tensor(
        output.shape, dtype=output.dtype, device=output.device, low=-1, high=1,
        noncontiguous=noncontiguous,
    )  # fmt: skip
    return Tensor(numbers, requires_grad=True)
