"""What formulas leave to be done: conjugation, and the undoing of broadcasts.

With this module one can: run real formulas on complex numbers
(`differentiate_complex`), and bring a gradient to its input's shape and dtype (`fit`).
"""


def differentiate_complex(node, gradient, recording):
    """The formulas of a holomorphic function, at work on complex numbers.

    Formulas are written for real numbers: grad * f'(x). torch's convention for complex
    ones is grad * conj(f'(z)), which is the same between two conjugations.
    """
    gradients = node.operation.differentiate(node, conjugate(gradient), recording)
    return [conjugate(each) for each in gradients]


def conjugate(gradient):
    """The complex conjugate of a gradient, or of each in a list; None stays."""
    if gradient is None:
        return None
    if gradient.__class__ is list:
        return [conjugate(each) for each in gradient]
    return gradient.conj()


def fit(gradient, wanted):
    """Bring a gradient to the (shape, dtype, device) of its input, as it was used.

    An input that was stretched took part in many sums, so its gradient is their sum.
    Where a real input met complex numbers, only the real part is its own. And a number
    on the CPU may meet arrays of any device.
    """
    if gradient is None or wanted is None:
        return gradient
    shape, dtype, device = wanted
    if gradient.shape != shape:
        gradient = gradient.sum_to_size(shape)
    if gradient.dtype != dtype:
        if gradient.dtype.is_complex and not dtype.is_complex:
            gradient = gradient.real
        gradient = gradient.to(dtype)
    if not shape and gradient.device != device:
        gradient = gradient.to(device)
    return gradient
