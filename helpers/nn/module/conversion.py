"""Changes of a whole module: device and dtype, training or not, gradients cleared."""

import torch

from helpers.autograd import Tensor
from helpers.devices import CUDA


class Conversion:
    """The part of a Module that changes all its parameters and buffers at once.

    Parameters keep their identity and get other data, so an optimizer that holds them
    goes on with what was moved; buffers are replaced. As in torch.
    """

    def to(self, *args, **kwargs):
        """Move all parameters and buffers; return this module.

        Args:
            device: a torch.device, or its name.
            dtype: a dtype of real or complex numbers, for those that hold such.
            non_blocking: as for torch.Tensor.to.
            tensor: one whose device and dtype are taken instead.

        Raises: TypeError for a dtype of integers or booleans.

        >>> from helpers.nn import Linear
        >>> layer = Linear(1, 1)
        >>> weight = layer.weight
        >>> layer.to(torch.float64).weight is weight, weight.dtype
        (True, torch.float64)
        """
        args = [each.data if isinstance(each, Tensor) else each for each in args]
        device, dtype, non_blocking, layout = torch._C._nn._parse_to(*args, **kwargs)
        if dtype is not None and not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError(
                "nn.Module.to only accepts floating point or complex dtypes, but got "
                f"desired dtype={dtype}. Choose one such as torch.float64"
            )

        def convert(raw):
            wanted = dtype if raw.is_floating_point() or raw.is_complex() else None
            if layout is None or raw.ndim not in (4, 5):
                return raw.to(device, wanted, non_blocking)
            return raw.to(device, wanted, non_blocking, memory_format=layout)

        return self._apply(convert)

    def _apply(self, convert):
        """Run `convert` on all raw arrays: parameters, their gradients, buffers."""
        for module in self.modules():
            for parameter in module.parameters(recurse=False):
                parameter.data = convert(parameter.data)
                if parameter.grad is not None:
                    parameter.grad.data = convert(parameter.grad.data)
            for name, buffer in module.named_buffers(recurse=False):
                raw = convert(buffer.data)
                if raw is not buffer.data:
                    module._buffers[name] = Tensor(raw)
        return self

    def float(self):
        """Convert all real numbers to float32; return this module."""
        return self._as_real(torch.float32)

    def double(self):
        """Convert all real numbers to float64; return this module."""
        return self._as_real(torch.float64)

    def half(self):
        """Convert all real numbers to float16; return this module."""
        return self._as_real(torch.float16)

    def bfloat16(self):
        """Convert all real numbers to bfloat16; return this module."""
        return self._as_real(torch.bfloat16)

    def _as_real(self, dtype):
        return self._apply(
            lambda raw: raw.to(dtype) if raw.is_floating_point() else raw
        )

    def cpu(self):
        """Move all parameters and buffers to the CPU; return this module."""
        return self.to("cpu")

    def cuda(self, device=None):
        """Move all to a CUDA device, by its number or name; return this module."""
        if isinstance(device, int):
            device = torch.device(CUDA, device)
        return self.to(CUDA if device is None else device)

    def train(self, mode: bool = True):
        """Set `training` here and in all parts; return this module.

        It changes how Dropout and BatchNorm compute; what is recorded for backward is
        another switch, `no_grad`. ValueError for what is no bool.
        """
        if not isinstance(mode, bool):
            raise ValueError(
                f"training mode is expected to be boolean, but got {mode!r}. Call "
                "train(), train(False) or eval()"
            )
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self):
        """Set `training` to False here and in all parts; return this module."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True):
        """Have all parameters require grad, or none; return this module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True):
        """Forget the gradients of all parameters of this module.

        Args:
            set_to_none: whether `.grad` becomes None; else it is filled with zeros.

        Those of other modules stay, even if the optimizer would clear them.
        """
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.detach_().zero_()
