"""Padding: more elements at both ends of some dimensions.

`pad` lists pairs (before, after), the last dimension first.
"""

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite, derivative, on_meta

# fmt: off
derivative("constant_pad_nd(input, pad, value=0)", torch.constant_pad_nd,
    input=lambda grad, pad: torch.constant_pad_nd(grad, [-each for each in pad]))
# fmt: on


@composite(F.pad, torch._C._nn.pad)
def padded(input, pad, mode="constant", value=None):
    """F.pad: with a constant, or with the array's own elements."""
    if mode == "constant":
        return torch.constant_pad_nd(input, pad, 0 if value is None else value)
    F.pad(on_meta(input), pad, mode, value)  # torch's errors
    for place, (before, after) in enumerate(zip(pad[::2], pad[1::2], strict=True)):
        dim = input.ndim - 1 - place
        if mode == "circular":  # what a negative number cuts off does not come round
            input = torch.constant_pad_nd(
                input, (0, 0) * place + (min(before, 0), min(after, 0))
            )
            before, after = max(before, 0), max(after, 0)
        length = input.shape[dim]
        places = torch.arange(-before, length + after, device=input.device)
        input = input.index_select(dim, PLACES[mode](places, length))
    return input


def mirrored(places, length):
    """-2 -1 0 1 2 3 4 in an array of 4: 2 1 0 1 2 3 2."""
    return length - 1 - (length - 1 - places.abs()).abs()


# Which element stands at a place outside of the array.
PLACES = {
    "reflect": mirrored,
    "replicate": lambda places, length: places.clamp(0, length - 1),
    "circular": lambda places, length: places % length,
}
