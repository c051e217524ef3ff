"""What is done to the parameters of a whole network: clipping of gradients."""

from helpers.nn.utils.clip_grad import clip_grad_norm_, clip_grad_value_

__all__ = ["clip_grad_norm_", "clip_grad_value_"]
