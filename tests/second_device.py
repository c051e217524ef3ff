"""A second device for machines that have none: PyTorch's private one, on CPU memory.

A tensor on it is an ordinary `torch.Tensor`: its storage says that it lies on the
device `second:0`, and holds the CPU's storage whose bytes it names. Each operation that
PyTorch does not compose of others runs on CPU tensors over the same bytes. So views,
versions and autograd are PyTorch's own, and so is what it says of mixed devices.

It stands on an experimental interface of PyTorch's, and has no sparse tensors, no
generator of its own, and nothing that runs later.
"""

import contextlib
import functools

import torch
from torch.utils import backend_registration

NAME = "second"
_CPU = torch.device("cpu")
_CPU_KEY = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)
_aten = torch.ops.aten
_new_storage_of_torch = torch.UntypedStorage.__new__
_run_backward_of_torch = torch.autograd._engine_run_backward


def missing():
    """Why there is no such device here, in words; None where there is one."""
    if not hasattr(backend_registration, "_setup_privateuseone_for_python_backend"):
        return f"PyTorch {torch.__version__} has no private device written in Python"
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator and accelerator.type != NAME:
        return f"this machine has a second device of its own: {accelerator}"
    return None


@functools.cache
def set_up():
    """Make the device known to PyTorch, if there can be one: before any `backward`."""
    if missing():
        return
    backend_registration._setup_privateuseone_for_python_backend(
        NAME, DeviceModule(), device_guard=DeviceGuard()
    )
    backend_registration._generate_storage_methods_for_privateuse1_backend(NAME)
    torch.UntypedStorage.__new__ = _new_storage
    torch.autograd._engine_run_backward = _run_backward
    _everywhere.fallback(_compute, "PrivateUse1")
    for operation, kernel in _KERNELS.items():
        _in_aten.impl(operation, kernel, "PrivateUse1")
    for key in ("Conjugate", "Negative"):
        _in_aten.impl("_copy_from", torch.library.fallthrough_kernel, key)


class DeviceModule:
    """What PyTorch asks a device about itself: `torch.get_device_module("second")`."""

    device = contextlib.nullcontext
    graph = contextlib.nullcontext  # so PyTorch and we allow capturable=True on it

    def is_available(self):
        """It is always there."""
        return True

    is_initialized = is_available

    def _is_in_bad_fork(self):
        return False

    def device_count(self):
        """There is one."""
        return 1

    def current_device(self):
        """It is the first."""
        return 0

    def synchronize(self, device=None):
        """Nothing is ever pending."""

    def get_amp_supported_dtype(self):
        """It computes in every dtype that the CPU has."""
        return [torch.bfloat16, torch.float16]

    def manual_seed_all(self, seed):
        """Its random numbers come from the CPU's generator, which has been seeded."""

    def get_rng_state(self, device=None):
        """The state of the CPU's generator."""
        return torch.get_rng_state()

    def set_rng_state(self, state, device=None):
        """Set the CPU's generator."""
        torch.set_rng_state(state)


class DeviceGuard(torch._C._acc.DeviceGuard):
    """Says which kind of device it guards, also while a hook's error is on its way.

    PyTorch asks it in the middle of an error that a hook raised in `backward`; Python
    then raises a SystemError at the first call, and the process would end. The error
    is kept here, and `_run_backward` raises it again.
    """

    lost = []

    def type_(self):
        """The private device."""
        try:
            raise LookupError
        except LookupError:
            pass
        except SystemError as error:
            self.lost.append(error.__cause__)
        return torch._C._autograd.DeviceType.PrivateUse1


def _run_backward(*args, **options):
    """PyTorch's own `backward`, with the error that a hook of it raised."""
    try:
        return _run_backward_of_torch(*args, **options)
    except SystemError:
        if DeviceGuard.lost:
            raise DeviceGuard.lost.pop() from None
        raise


def as_cpu(tensor):
    """A CPU tensor over the bytes of `tensor`, which is on the device."""
    view = torch.empty(0, dtype=tensor.dtype, device=_CPU)
    place = tensor.storage_offset(), tensor.size(), tensor.stride()
    view.set_(_memory_of(tensor.untyped_storage()), *place)
    if tensor.is_conj():
        torch._C._set_conj(view, True)
    if tensor.is_neg():
        torch._C._set_neg(view, True)
    return view


def as_second(tensor):
    """A tensor of the device over the bytes of `tensor`, which is on the CPU."""
    return _view_of(_storage_over(tensor.untyped_storage()), tensor)


def _view_of(storage, like):
    """A tensor on the device's `storage`, of the shape and dtype of `like`."""
    tensor = torch._C._acc.create_empty_tensor([0], like.dtype)
    return _place(tensor, storage, like)


def _place(tensor, storage, like):
    """Set `tensor` on `storage`, in the shape of `like`."""
    place = like.storage_offset(), like.size(), like.stride()
    set_ = _aten.set_.source_Storage_storage_offset
    return set_.redispatch(_CPU_KEY, tensor, storage, *place)


def _storage_over(memory):
    """A storage of the device over the bytes of the CPU's `memory`, which it holds."""
    storage = torch._C._construct_storage_from_data_pointer(
        memory.data_ptr(), torch.device(NAME, 0), memory.nbytes()
    )
    storage.memory = memory
    return storage


def _memory_of(storage):
    """The CPU's storage of those bytes, also if PyTorch made `storage` by itself."""
    if hasattr(storage, "memory"):
        return storage.memory
    return torch._C._construct_storage_from_data_pointer(
        storage.data_ptr(), _CPU, storage.nbytes()
    )


def _new_storage(cls, *args, device=None, **options):
    """Make a storage: for the device, PyTorch itself has no allocator."""
    if device is None or torch.device(device).type != NAME:
        return _new_storage_of_torch(cls, *args, device=device, **options)
    return _storage_over(_new_storage_of_torch(cls, *args, **options))


def _compute(operation, *args, **kwargs):
    """Run `operation` on the CPU's view of its arguments; give back tensors of ours."""
    tensors = _Tensors(operation)
    args = [tensors.on_cpu(value) for value in with_tensors(operation, args)]
    kwargs = {name: tensors.on_cpu(value) for name, value in kwargs.items()}
    tensors.refuse_mixed()
    results = operation(*args, **kwargs)
    if operation._schema.is_mutable:
        tensors.follow_resized()
    return tensors.on_second(results)


def with_tensors(operation, args):
    """Arguments with tensors for numbers, where `operation` takes only tensors."""
    if torch._C._should_allow_numbers_as_tensors(operation._opname):
        return args
    wanted = (str(each.type) == "Tensor" for each in operation._schema.arguments)
    return [
        torch.tensor(value, dtype=_WIDEST.get(type(value)), device=_CPU)
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
            return _CPU
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
                _place(ours, _storage_over(cpu.untyped_storage()), cpu)

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
                return _view_of(ours.untyped_storage(), result)
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
    return functools.partial(operation.redispatch, _CPU_KEY)


_everywhere = torch.library.Library("_", "IMPL")
_in_aten = torch.library.Library("aten", "IMPL")
_WIDEST = {float: torch.float64, complex: torch.complex128}
_INDEXING = {"aten::index.Tensor_out", "aten::_index_put_impl_"}
_KERNELS = {
    "_copy_from": _copy,
    "convolution_overrideable": _convolution,
    "convolution_backward_overrideable": _convolution_backward,
} | {
    f"set_.{name}": _touching_no_bytes(getattr(_aten.set_, name))
    for name in ("source_Storage_storage_offset", "source_Storage", "source_Tensor")
}
