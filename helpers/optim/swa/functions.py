"""How an average is taken: equally (SWA), or with older models fading (EMA).

With this module one can: make a function of one array of each model (`get_swa_avg_fn`,
`get_ema_avg_fn`), or of lists of them, in place (`get_swa_multi_avg_fn`,
`get_ema_multi_avg_fn`).
"""

import torch

from helpers.optim.base.options import check_number


def get_swa_avg_fn():
    """The mean of all models so far, as a function of one array of each.

    The function takes the average, the model's array and how many are averaged, and
    returns the new average.

    Source: `torch.optim.swa_utils`; Izmailov et al. (2018).

    >>> get_swa_avg_fn()(torch.tensor(1.0), torch.tensor(4.0), 2)
    tensor(2.)
    """

    @torch.no_grad()
    def swa_update(averaged, current, num_averaged):
        return averaged + (current - averaged) / (num_averaged + 1)

    return swa_update


def get_ema_avg_fn(decay=0.999):
    """A mean in which older models fade, as a function of one array of each.

    Args:
        decay: number from 0 to 1 (0.999), the part of the average that stays.

    Raises: `ValueError` or `TypeError` for another decay.

    Source: `torch.optim.swa_utils`; Polyak and Juditsky (1992) average equally.

    >>> get_ema_avg_fn(0.75)(torch.tensor(0.0), torch.tensor(4.0), 2)
    tensor(1.)
    """
    check_number("decay", decay, up_to=1)

    @torch.no_grad()
    def ema_update(averaged, current, num_averaged):
        return decay * averaged + (1 - decay) * current

    return ema_update


def get_swa_multi_avg_fn():
    """The mean of all models so far, of lists of arrays, in place.

    >>> average = [torch.tensor([1.0])]
    >>> get_swa_multi_avg_fn()(average, [torch.tensor([4.0])], 2)
    >>> average
    [tensor([2.])]
    """
    one = get_swa_avg_fn()

    @torch.no_grad()
    def swa_update(averaged, current, num_averaged):
        if is_fractional(averaged[0]):
            torch._foreach_lerp_(averaged, current, 1 / (num_averaged + 1))
        else:
            each_in_place(one, averaged, current, num_averaged)

    return swa_update


def get_ema_multi_avg_fn(decay=0.999):
    """A mean in which older models fade, of lists of arrays, in place.

    Args:
        decay: number from 0 to 1 (0.999), the part of the average that stays.

    Raises: `ValueError` or `TypeError` for another decay.

    >>> average = [torch.tensor([0.0])]
    >>> get_ema_multi_avg_fn(0.75)(average, [torch.tensor([4.0])], 2)
    >>> average
    [tensor([1.])]
    """
    one = get_ema_avg_fn(decay)

    @torch.no_grad()
    def ema_update(averaged, current, num_averaged):
        if is_fractional(averaged[0]):
            torch._foreach_lerp_(averaged, current, 1 - decay)
        else:
            each_in_place(one, averaged, current, num_averaged)

    return ema_update


def is_fractional(array) -> bool:
    """Whether an array holds floats or complex numbers, which `lerp` takes."""
    return array.is_floating_point() or array.is_complex()


def each_in_place(function, averaged, current, num_averaged):
    """Put into each array what a function makes of it and the model's."""
    for old, new in zip(averaged, current, strict=True):
        old.copy_(function(old, new, num_averaged))
