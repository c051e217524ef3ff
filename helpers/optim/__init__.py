"""optimizer.zero_grad() and optimizer.step(), for torch's parameters and for ours.

With this package one can
- descend: `SGD`, `ASGD`, `Adagrad`, `Adadelta`, `RMSprop`, `Rprop`, `Adam`, `AdamW`,
  `Adamax`, `NAdam`, `RAdam`, `SparseAdam`, `Adafactor`, `Muon`,
- descend with a closure, by conjugate gradients: `ConjugateGradient`,
- solve A x = b given only products A v: `linear_conjugate_gradient`,
- ask for the loss more than once a step, with a closure: `LBFGS`,
- write a method of one's own: a subclass of `Optimizer` with an `update`,
- have functions called around steps: `register_optimizer_step_pre_hook`,
  `register_optimizer_step_post_hook`,
- change the learning rate as the epochs go by: `lr_scheduler`,
- average the weights of a run: `swa`.

Names, arguments, defaults and the layout of `state_dict()` are those of `torch.optim`,
so each class can take its namesake's place in a script. It imports torch alone.

**Three ways to run one rule.** `foreach=False` goes from tensor to tensor: what the
chapters show. `foreach=True` hands the same rule whole lists. `fused=True` calls the
kernel that torch has for it, which reads and writes memory once, and may round another
way; parameters that a kernel can't take, such as those with gaps in their memory, go by
lists. With neither, lists are taken for several small tensors or on a GPU, the loop
otherwise; never the kernel.

**Steps traced by autograd or a compiler.** `differentiable=True` lets gradients flow
through a step. `capturable=True` keeps the count of steps on the device, for CUDA
graphs.

>>> import torch
>>> x = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
>>> optimizer = SGD([x], lr=0.001)
>>> (100 * x).sum().backward()
>>> optimizer.step()
>>> [round(value, 3) for value in x.tolist()]
[0.9, 1.9]
"""

from helpers.optim import lr_scheduler, swa
from helpers.optim.adadelta import Adadelta
from helpers.optim.adafactor import Adafactor
from helpers.optim.adagrad import Adagrad
from helpers.optim.adam import Adam, AdamW
from helpers.optim.adamax import Adamax
from helpers.optim.asgd import ASGD
from helpers.optim.base.hooks import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)
from helpers.optim.conjugate_gradient.linear import linear_conjugate_gradient
from helpers.optim.conjugate_gradient.nonlinear import ConjugateGradient
from helpers.optim.lbfgs.optimizer import LBFGS
from helpers.optim.muon import Muon
from helpers.optim.nadam import NAdam
from helpers.optim.optimizer import Optimizer
from helpers.optim.radam import RAdam
from helpers.optim.rmsprop import RMSprop
from helpers.optim.rprop import Rprop
from helpers.optim.sgd import SGD
from helpers.optim.sparse_adam import SparseAdam

__all__ = [
    "ASGD",
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "ConjugateGradient",
    "Muon",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "SparseAdam",
    "linear_conjugate_gradient",
    "lr_scheduler",
    "register_optimizer_step_post_hook",
    "register_optimizer_step_pre_hook",
    "swa",
]
