"""model(inputs), criterion(...): networks put together from layers, on our engine.

With this package one can: write modules of one's own (`Module`, `Parameter`); use
layers (`Linear`, `Conv2d`, ...), containers (`Sequential`, ...) and losses
(`CrossEntropyLoss`, ...); choose initial values (`init`); clip gradients
(`clip_grad_norm_`, `clip_grad_value_`); and run a torch.nn.Module on our engine
(`functional_call`, `tensors_of`). Names, arguments, initial values and state dicts are
those of torch.nn; torch.nn.functional works on our Tensors as it is.
"""

from helpers.nn import init, utils
from helpers.nn.containers import ModuleDict, ModuleList, Sequential
from helpers.nn.functional_call import functional_call, tensors_of
from helpers.nn.layers.activations import (
    GELU,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from helpers.nn.layers.convolution import Conv2d
from helpers.nn.layers.dropout import Dropout
from helpers.nn.layers.embedding import Embedding
from helpers.nn.layers.linear import Flatten, Identity, Linear
from helpers.nn.layers.normalisation import BatchNorm1d, BatchNorm2d, LayerNorm
from helpers.nn.layers.pooling import AvgPool2d, MaxPool2d
from helpers.nn.losses import (
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
)
from helpers.nn.module import Module
from helpers.nn.parameter import Parameter
from helpers.nn.parameter_containers import ParameterDict, ParameterList
from helpers.nn.utils import clip_grad_norm_, clip_grad_value_

__all__ = [
    "AvgPool2d",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv2d",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "Flatten",
    "GELU",
    "Identity",
    "L1Loss",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "MSELoss",
    "MaxPool2d",
    "Module",
    "ModuleDict",
    "ModuleList",
    "NLLLoss",
    "Parameter",
    "ParameterDict",
    "ParameterList",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "clip_grad_norm_",
    "clip_grad_value_",
    "functional_call",
    "init",
    "tensors_of",
    "utils",
]
