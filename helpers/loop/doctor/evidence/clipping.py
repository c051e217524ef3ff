"""Evidence from clipping and from loss scaling."""

import torch
from torch.nn.utils import clip_grad


class Clipping:
    """Watches the two clipping functions, under all their names."""

    def __init__(self, evidence, patches):
        self.evidence = evidence
        self.patches = patches

    def begin(self):
        """Wrap each function wherever torch keeps it."""
        for name in ("clip_grad_norm_", "clip_grad_value_"):
            original = getattr(clip_grad, name)
            for owner in (clip_grad, torch.nn.utils):
                if owner.__dict__.get(name) is original:
                    self.patches.wrap(owner, name, self.clip)

    def clip(self, original, parameters, *args, **kwargs):
        """Note a call, and whether there was anything to clip."""
        if not isinstance(parameters, torch.Tensor):
            parameters = list(parameters)
        tensors = [parameters] if isinstance(parameters, torch.Tensor) else parameters
        with_gradient = sum(p.grad is not None for p in tensors if is_leaf(p))
        self.evidence.add("clip", with_gradient=with_gradient)
        return original(parameters, *args, **kwargs)


def is_leaf(tensor):
    """Whether a thing is a tensor whose gradient can be clipped."""
    return isinstance(tensor, torch.Tensor) and tensor.is_leaf


class Scaling:
    """Watches `torch.amp.GradScaler`."""

    def __init__(self, evidence, patches):
        self.evidence = evidence
        self.patches = patches

    def begin(self):
        """Wrap three of its methods."""
        owner = torch.amp.GradScaler
        for name in ("scale", "unscale_", "step"):
            self.patches.wrap(owner, name, self.watched(name))

    def watched(self, name):
        """A wrapper that notes a call of one method, if scaling is on."""

        def call(original, scaler, *args, **kwargs):
            if scaler.is_enabled():
                self.evidence.add(f"scaler_{name.rstrip('_')}")
            return original(scaler, *args, **kwargs)

        return call
