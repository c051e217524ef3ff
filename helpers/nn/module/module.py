"""Module: what a layer or network is made of, put together from the parts beside."""

from helpers.nn.module.attributes import Attributes
from helpers.nn.module.conversion import Conversion
from helpers.nn.module.hooks import Hooks
from helpers.nn.module.printing import in_words
from helpers.nn.module.state_dict import StateDict
from helpers.nn.module.traversal import Traversal


class Module(Hooks, StateDict, Conversion, Traversal, Attributes):
    """The base of all layers and networks.

    A subclass calls `super().__init__()`, assigns its parts to attributes, and computes
    in `forward`. What is assigned as a `Parameter` or a `Module` is registered: it
    counts for `parameters()`, `to()`, `state_dict()` and the rest. Parts in a plain
    Python list are not; `ModuleList` registers them.

    `training` tells which of two ways some layers take; `train()` and `eval()` set it.

    >>> import torch
    >>> from helpers.nn.parameter import Parameter
    >>> class Scale(Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.factor = Parameter(torch.tensor(2.0))
    ...
    ...     def forward(self, input):
    ...         return input * self.factor
    >>> scale = Scale()
    >>> [name for name, parameter in scale.named_parameters()]
    ['factor']
    >>> scale(torch.ones(2))
    tensor([2., 2.], grad_fn=<MulBackward0>)

    Source: torch.nn.Module. Built in chapter 08.
    """

    __repr__ = in_words

    def forward(self, *args, **kwargs):
        """What the module computes; every subclass writes its own."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" '
            "function; a subclass of Module computes there: write one"
        )

    def extra_repr(self) -> str:
        """What stands in a module's brackets when it is printed: its options."""
        return ""

    def _get_name(self):
        return type(self).__name__
