"""Two tensors that are swapped: PyTorch refuses it while a watch refers to them."""

import torch


class Swaps:
    """Watches `torch.utils.swap_tensors`, by which a module may be moved."""

    def __init__(self, evidence, patches):
        self.evidence = evidence
        self.patches = patches

    def begin(self):
        """Wrap the function that swaps."""
        self.patches.wrap(torch.utils, "swap_tensors", self.swap)

    def swap(self, original, *tensors):
        """Let go of both tensors for as long as it takes; who they are stays."""
        parameters, origins = self.evidence.parameters, self.evidence.origins
        let_go = [
            (each, parameters.let_go(each), origins.forget(each)) for each in tensors
        ]
        try:
            return original(*tensors)
        finally:
            for tensor, record, origin in let_go:
                if record is not None:
                    record.refer_to(tensor)
                if origin is not None:
                    origins.put(tensor, origin)
