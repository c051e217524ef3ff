"""The checks of gradcheck; each raises GradcheckError."""

import itertools

import torch
from torch.autograd.gradcheck import GradcheckError as TorchsError

from helpers.autograd.engine.engine import grad
from helpers.autograd.gradcheck.jacobian import (
    analytical_jacobian,
    differentiable,
    numerical_jacobians,
)
from helpers.autograd.tensor.tensor import Tensor, wrap

MISMATCH = (
    "{}Jacobian mismatch for output {} with respect to input {},\n"
    "numerical:{}\nanalytical:{}\n"
    "They differ most, by {:.3g}, for number {} of the input and number {} of the "
    "output, counted from 0; allowed: atol + rtol * |numerical|."
)
NOT_REENTRANT = (
    "Backward is not reentrant, i.e., running backward with same input and grad_output "
    "multiple times gives different values. The tolerance for nondeterminism was {}."
)


class GradcheckError(TorchsError):
    """A gradient is not what finite differences say; one of torch's of that name."""


def check_jacobians(func, inputs, eps, atol, rtol, nondet_tol, check_dtypes):
    """GradcheckError if what backward says is not what is measured."""
    returned = func(*inputs)
    outputs = differentiable(returned)
    wanted = differentiable(inputs)
    places = [i for i, each in enumerate(inputs) if any(each is w for w in wanted)]
    if not outputs:
        refuse_slopes(func, inputs, places, eps)
    has_complex = any(each.dtype.is_complex for each in outputs)
    for imaginary in [False, True] if has_complex else [False]:
        measured = [
            numerical_jacobians(outputs_like(func, returned), inputs, i, eps, imaginary)
            for i in places
        ]
        for o, output in enumerate(outputs):
            if imaginary and not output.dtype.is_complex:
                continue
            found = computed(output, wanted, imaginary, nondet_tol, check_dtypes)
            for i, jacobian in enumerate(found):
                if not jacobian.numel():
                    continue  # an input without numbers
                numerical = measured[i][o].to(jacobian.device)
                if not close(jacobian, numerical, atol, rtol):
                    part = part_of(output, imaginary)
                    raise GradcheckError(mismatch(part, o, i, numerical, jacobian))


def outputs_like(func, returned):
    """`func`, with those outputs alone that require grad in what it returned once."""
    sequence = returned if isinstance(returned, (tuple, list)) else (returned,)
    kept = [isinstance(each, Tensor) and each.requires_grad for each in sequence]

    def chosen(*inputs):
        values = func(*inputs)
        values = values if isinstance(values, (tuple, list)) else (values,)
        return list(itertools.compress(values, kept))

    return chosen


def refuse_slopes(func, inputs, places, eps):
    """GradcheckError if outputs that require no grad do depend on the inputs."""

    def numbers(*inputs):
        values = func(*inputs)
        values = values if isinstance(values, (tuple, list)) else (values,)
        return [
            v for v in values if isinstance(v, Tensor) and v.dtype.is_floating_point
        ]

    for place in places:
        for measured in numerical_jacobians(numbers, inputs, place, eps):
            if measured.count_nonzero():
                raise GradcheckError(
                    "Numerical gradient for function expected to be zero: no output "
                    f"requires grad, but input {place} changes them"
                )


def computed(output, inputs, imaginary, nondet_tol, check_dtypes):
    """The Jacobians by backward, which must say the same twice."""
    first, gradients = analytical_jacobian(output, inputs, imaginary)
    second, _ = analytical_jacobian(output, inputs, imaginary)
    for each, tensor in (
        (g, t) for row in gradients for g, t in zip(row, inputs, strict=True)
    ):
        check_form(each, tensor, check_dtypes)
    for one, other in zip(first, second, strict=True):
        if not close(one, other, nondet_tol, 0.0):
            raise GradcheckError(NOT_REENTRANT.format(nondet_tol))
    return first


def check_form(gradient, tensor, check_dtypes):
    """GradcheckError for a gradient of another shape or dtype than its input's."""
    if gradient is None:
        return
    if gradient.shape != tensor.shape:
        got, wanted = list(gradient.shape), list(tensor.shape)
        raise GradcheckError(
            f"Analytical gradient has incorrect size: got {got}, expected {wanted}"
        )
    if check_dtypes and gradient.dtype != tensor.dtype:
        raise GradcheckError(
            "Gradient has dtype mismatch: "
            f"got {gradient.dtype}, expected {tensor.dtype}"
        )


def check_linear(func, inputs, check_undefined_grad):
    """GradcheckError unless gradients of zero, or none for some outputs, give zero."""
    wanted = differentiable(inputs)
    outputs = differentiable(func(*inputs))
    choices = [outputs] if outputs else []
    if check_undefined_grad and len(outputs) > 1:
        choices += [[each] for each in outputs]
    for chosen in choices:
        zeros = [wrap(torch.zeros_like(each.data)) for each in chosen]
        try:
            found = grad(chosen, wanted, zeros, retain_graph=True, allow_unused=True)
        except (TypeError, AttributeError) as error:
            raise GradcheckError(
                "Expected backward function to handle undefined output grads: None "
                "arrives for an output that nothing depends on"
            ) from error
        for each, tensor in zip(found, wanted, strict=True):
            if each is not None and each.data.count_nonzero():
                raise GradcheckError("backward not multiplied by grad_output")
            check_form(each, tensor, check_dtypes=True)


def close(found, wanted, atol, rtol):
    """torch.allclose, for arrays that may differ in dtype."""
    dtype = torch.promote_types(found.dtype, wanted.dtype)
    return torch.allclose(found.to(dtype), wanted.to(dtype), rtol, atol)


def part_of(output, imaginary):
    """The words for the part of a complex output that is looked at."""
    if not output.dtype.is_complex:
        return ""
    part = "imaginary" if imaginary else "real"
    return f"While considering the {part} part of complex outputs only, "


def mismatch(part, output, place, numerical, analytical):
    """The message that shows both Jacobians, and where they differ most."""
    gap = (numerical - analytical).abs()
    row, column = divmod(int(gap.argmax()), gap.shape[1])
    return MISMATCH.format(
        part, output, place, numerical, analytical, gap.max().item(), row, column
    )
