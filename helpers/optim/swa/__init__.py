"""Average the weights of a run, by torch's names of `torch.optim.swa_utils`.

With this package one can
- keep the average of a model's weights: `AveragedModel`,
- say how it is taken: `get_swa_avg_fn`, `get_ema_avg_fn`, and for whole lists
  `get_swa_multi_avg_fn`, `get_ema_multi_avg_fn`,
- renew the statistics of batch norms for it: `update_bn`,
- lead the rate to a constant meanwhile: `SWALR`.

Models may be torch's, or what has their `parameters()`, `buffers()` and `modules()`.
"""

from helpers.optim.swa.averaged_model import AveragedModel
from helpers.optim.swa.batch_norm import update_bn
from helpers.optim.swa.functions import (
    get_ema_avg_fn,
    get_ema_multi_avg_fn,
    get_swa_avg_fn,
    get_swa_multi_avg_fn,
)
from helpers.optim.swa.schedule import SWALR

__all__ = [
    "SWALR",
    "AveragedModel",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]
