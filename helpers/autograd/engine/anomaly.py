"""torch.autograd.detect_anomaly: which node made the NaN."""

import warnings

import torch

from helpers.autograd.engine.gradient_pass import Pass
from helpers.autograd.tensor.tensor import lowered

NAN = (
    "Function '{}' returned nan values in its {}th output. Look at what that function "
    "was given in the forward pass"
)


class AnomalyPass(Pass):
    """A pass under torch.autograd.detect_anomaly: a gradient with NaN is an error.

    Nodes do not remember the line of the forward pass that made them; torch's do.
    """

    node = None  # the one at work

    def visit(self, node):
        """Say which node it was, if an error comes of it."""
        self.node = node
        try:
            super().visit(node)
        except Exception:
            warnings.warn(f"Error detected in {node.name()}.", UserWarning, 2)
            raise

    def deliver(self, edges, gradients):
        """RuntimeError for NaN in what a node returned for an input that needs it."""
        gradients = list(gradients)
        pairs = zip(edges, gradients, strict=True)
        for place, (edge, each) in enumerate(pairs):
            is_needed = not (self.node is None or edge is None or each is None)
            if is_needed and torch.is_anomaly_check_nan_enabled() and has_nan(each):
                raise RuntimeError(NAN.format(self.node.name(), place))
        super().deliver(edges, gradients)


def has_nan(gradient):
    """Whether a gradient, raw or a Tensor, holds NaN."""
    return bool(lowered(gradient).isnan().any())


def pass_kind():
    """The class of a pass, as torch.autograd.detect_anomaly wants it."""
    return AnomalyPass if torch.is_anomaly_enabled() else Pass
