"""What the second device computes, by the CPU's kernels over the same bytes."""

import functools

import torch

from tests.second_device import NAME
from tests.second_device.memory import (
    CPU,
    CPU_KEY,
    as_cpu,
    as_second,
    place,
    storage_over,
    view_of,
)

_aten = torch.ops.aten
_everywhere = torch.library.Library("_", "IMPL")
_in_aten = torch.library.Library("aten", "IMPL")
_WIDEST = {float: torch.float64, complex: torch.complex128}
_INDEXING = {"aten::index.Tensor_out", "aten::_index_put_impl_"}


def register():
    """Enter all kernels with PyTorch."""
    _everywhere.fallback(_compute, "PrivateUse1")
    for operation, kernel in KERNELS.items():
        _in_aten.impl(operation, kernel, "PrivateUse1")
    for key in ("Conjugate", "Negative"):
        _in_aten.impl("_copy_from", torch.library.fallthrough_kernel, key)


def _compute(operation, *args, **kwargs):
    """Run `operation` on the CPU's view of its arguments; give back tensors of ours."""
    tensors = _Tensors(operation)
    args = [tensors.on_cpu(value) for value in _with_tensors(operation, args)]
    kwargs = {name: tensors.on_cpu(value) for name, value in kwargs.items()}
    tensors.refuse_mixed()
    results = operation(*args, **kwargs)
    if operation._schema.is_mutable:
        tensors.follow_resized()
    return tensors.on_second(results)


def _with_tensors(operation, args):
    """Arguments with tensors for numbers, where `operation` takes only tensors."""
    if torch._C._should_allow_numbers_as_tensors(operation._opname):
        return args
    wanted = (str(each.type) == "Tensor" for each in operation._schema.arguments)
    return [
        torch.tensor(value, dtype=_WIDEST.get(type(value)), device=CPU)
        if is_tensor and not isinstance(value, torch.Tensor)
        else value
        for value, is_tensor in zip(args, wanted, strict=False)
    ]


class _Tensors:
    """The tensors of one call: ours beside those of the CPU over the same bytes."""

    def __init__(self, operation):
        self.operation = operation
        self.pairs = []
        self.strangers = []

    def on_cpu(self, value):
        """The CPU's counterpart of an argument."""
        if isinstance(value, torch.Tensor):
            return self.tensor_on_cpu(value)
        if isinstance(value, (list, tuple)):
            return [self.on_cpu(each) for each in value]
        if isinstance(value, torch.device) and value.type == NAME:
            return CPU
        return value

    def tensor_on_cpu(self, tensor):
        """The CPU's counterpart of a tensor; one of another device stays itself."""
        if tensor.device.type != NAME:
            self.strangers.append(tensor)
            return tensor
        self.pairs.append((tensor, as_cpu(tensor)))
        return self.pairs[-1][1]

    def refuse_mixed(self):
        """Raise PyTorch's error for two devices, where its kernels for CUDA would."""
        for stranger in self.strangers:
            if self.pairs and not self.welcomes(stranger):
                raise RuntimeError(
                    "Expected all tensors to be on the same device, but found at "
                    f"least two devices, {self.pairs[0][0].device} and "
                    f"{stranger.device}! (when checking {self.operation})"
                )

    def welcomes(self, stranger):
        """Whether CUDA's kernel takes that tensor of the CPU: a number, or indices."""
        is_indexing = self.operation.name() in _INDEXING
        is_pointwise = torch.Tag.pointwise in self.operation.tags
        if stranger.dim() == 0 and (is_pointwise or is_indexing):
            return True
        return is_indexing and stranger.dtype in (torch.int64, torch.bool)

    def follow_resized(self):
        """Give ours the shapes that the operation has given to the CPU's."""
        for ours, cpu in self.pairs:
            if ours.size() != cpu.size() or ours.stride() != cpu.stride():
                place(ours, storage_over(cpu.untyped_storage()), cpu)

    def on_second(self, result):
        """What stands for a result on the device."""
        if isinstance(result, torch.Tensor):
            return self.tensor_on_second(result)
        if isinstance(result, (list, tuple)):
            return type(result)(self.on_second(each) for each in result)
        return result

    def tensor_on_second(self, result):
        """An argument, a view of one, or a new tensor."""
        memory = result.untyped_storage()._cdata
        for ours, cpu in self.pairs:
            if result is cpu:
                return ours
            if cpu.untyped_storage()._cdata == memory:
                return view_of(ours.untyped_storage(), result)
        return as_second(result)


def _copy(source, target, non_blocking=False):
    """Copy between any two devices."""
    sides = [as_cpu(t) if t.device.type == NAME else t for t in (source, target)]
    sides[1].copy_(sides[0])
    return target


def _convolution(*args):
    """PyTorch asks devices of others for a convolution by a name of its own."""
    return _compute(_aten.convolution.default, *args)


def _convolution_backward(grad_output, input, weight, *options):
    """So it does for the derivative, and leaves the size of the bias to them."""
    *_, transposed, _, groups, _ = options
    bias_size = [weight.size(1) * groups if transposed else weight.size(0)]
    operation = _aten.convolution_backward.default
    return _compute(operation, grad_output, input, weight, bias_size, *options)


def _touching_no_bytes(operation):
    """The CPU's own kernel, on tensors of ours."""
    return functools.partial(operation.redispatch, CPU_KEY)


KERNELS = {
    "_copy_from": _copy,
    "convolution_overrideable": _convolution,
    "convolution_backward_overrideable": _convolution_backward,
} | {
    f"set_.{name}": _touching_no_bytes(getattr(_aten.set_, name))
    for name in ("source_Storage_storage_offset", "source_Storage", "source_Tensor")
}
