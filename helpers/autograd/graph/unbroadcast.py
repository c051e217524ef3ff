"""Undo broadcasting and dtype promotion; conjugate for complex inputs."""


def differentiate_complex(node, gradient, recording):
    """The formulas of a holomorphic function, at work on complex numbers.

    Formulas are written for real numbers: grad * f'(x). torch's convention for complex
    ones is grad * conj(f'(z)), which is the same between two conjugations.
    """
    gradients = node.operation.differentiate(node, conjugated(gradient), recording)
    return [conjugated(each) for each in gradients]


def conjugated(gradient):
    """The complex conjugate of a gradient, or of each in a list; None stays."""
    if gradient is None:
        return None
    if gradient.__class__ is list:
        return [conjugated(each) for each in gradient]
    return gradient.conj()


def unbroadcast(gradient, wanted):
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


def unlike_output(edges, inputs, out):
    """For each edge its input's (shape, dtype, device); None if it is like `out`.

    None in the place of the list if all are. Only an input without dimensions may be on
    another device than the output.
    """
    shape, dtype, found = out.shape, out.dtype, None
    for place, (edge, value) in enumerate(zip(edges, inputs, strict=True)):
        if edge is not None and (
            value.shape != shape
            or value.dtype != dtype
            or (not shape and value.device != out.device)
        ):
            found = found or [None] * len(edges)
            found[place] = value.shape, value.dtype, value.device
    return found
