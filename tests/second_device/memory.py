"""The memory of the second device: storages that name the bytes of the CPU's."""

import torch

from tests.second_device import NAME

CPU = torch.device("cpu")
CPU_KEY = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)
_new_storage_of_torch = torch.UntypedStorage.__new__


def as_cpu(tensor):
    """A CPU tensor over the bytes of `tensor`, which is on the device."""
    view = torch.empty(0, dtype=tensor.dtype, device=CPU)
    where = tensor.storage_offset(), tensor.size(), tensor.stride()
    view.set_(memory_of(tensor.untyped_storage()), *where)
    if tensor.is_conj():
        torch._C._set_conj(view, True)
    if tensor.is_neg():
        torch._C._set_neg(view, True)
    return view


def as_second(tensor):
    """A tensor of the device over the bytes of `tensor`, which is on the CPU."""
    return view_of(storage_over(tensor.untyped_storage()), tensor)


def view_of(storage, like):
    """A tensor on the device's `storage`, of the shape and dtype of `like`."""
    tensor = torch._C._acc.create_empty_tensor([0], like.dtype)
    return place(tensor, storage, like)


def place(tensor, storage, like):
    """Set `tensor` on `storage`, in the shape of `like`."""
    where = like.storage_offset(), like.size(), like.stride()
    set_ = torch.ops.aten.set_.source_Storage_storage_offset
    return set_.redispatch(CPU_KEY, tensor, storage, *where)


def storage_over(memory):
    """A storage of the device over the bytes of the CPU's `memory`, which it holds."""
    storage = torch._C._construct_storage_from_data_pointer(
        memory.data_ptr(), torch.device(NAME, 0), memory.nbytes()
    )
    storage.memory = memory
    return storage


def memory_of(storage):
    """The CPU's storage of those bytes, also if PyTorch made `storage` by itself."""
    if hasattr(storage, "memory"):
        return storage.memory
    return torch._C._construct_storage_from_data_pointer(
        storage.data_ptr(), CPU, storage.nbytes()
    )


def new_storage(cls, *args, device=None, **options):
    """Make a storage: for the device, PyTorch itself has no allocator."""
    if device is None or torch.device(device).type != NAME:
        return _new_storage_of_torch(cls, *args, device=device, **options)
    return storage_over(_new_storage_of_torch(cls, *args, **options))
