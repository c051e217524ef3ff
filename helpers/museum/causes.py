"""The causes to choose from: each in words, with what it predicts and who can tell.

With this module one can look up a cause (CAUSES, a dict from a doctor's key to a
`Cause`).
"""

from typing import NamedTuple


class Cause(NamedTuple):
    """A cause: in words, what it would predict, and the question that tests it.

    `also` is a second question, where the first one tests only part of it.
    """

    words: str
    predicts: str
    question: str
    also: str = ""


CAUSES = {
    "zero-grad-missing": Cause(
        "gradients are cleared too rarely",
        "steps would find sums with gradients that an earlier step had used",
        "found",
    ),
    "zero-grad-before-step": Cause(
        "gradients are cleared before the step",
        "backward and zero_grad would both be called, in this order, and every step "
        "would find None",
        "order",
        "found",
    ),
    "step-before-backward": Cause(
        "the step comes before backward()",
        "step would stand between forward and backward",
        "order",
    ),
    "step-missing": Cause(
        "step() is never called", "the count of steps would be 0", "calls"
    ),
    "backward-missing": Cause(
        "backward() is never called", "the count of backward would be 0", "calls"
    ),
    "grad-none-read": Cause(
        ".grad is read after it was cleared",
        "the loop would end with an error about None, in a line that reads .grad",
        "end",
    ),
    "graph-cut": Cause(
        "the graph is cut on the way",
        "parameters before the cut would have no gradient after backward()",
        "reached",
    ),
    "loss-leaf": Cause(
        "the loss has no history, and was told to require a gradient",
        "backward() would walk through no node, and leave every gradient at None",
        "nodes",
    ),
    "backward-twice": Cause(
        "backward() goes through one graph twice",
        "the error in the line of backward() would speak of a second time",
        "end",
    ),
    "inplace-version": Cause(
        "a saved tensor is overwritten",
        "the error would speak of an inplace operation, and no step of the same "
        "optimizer would stand between forward and backward",
        "end",
        "order",
    ),
    "retain-graph-crutch": Cause(
        "graphs are kept to silence an error",
        "each backward() would walk through more nodes than the one before",
        "nodes",
    ),
    "graph-leak": Cause(
        "tensors are kept with their history",
        "a number that is kept would still require a gradient, while each backward() "
        "walks through one iteration only",
        "nodes",
    ),
    "detach-missing": Cause(
        "a constant is not detached",
        "gradients would arrive where another optimizer's step uses them",
        "found",
    ),
    "manual-update-rebinds": Cause(
        "an update by hand makes a new tensor",
        "the second update would fail, since the new tensor is no leaf",
        "end",
    ),
    "optimizer-wrong-params": Cause(
        "the optimizer holds other parameters",
        "it would hold tensors that are not used, and miss some that are",
        "owners",
    ),
    "params-not-registered": Cause(
        "layers are not registered",
        "the model would know fewer tensors than it uses",
        "owners",
    ),
    "frozen-but-moving": Cause(
        "what should be frozen moves",
        "parameters whose gradients are all 0 would move",
        "moved",
    ),
    "optimizer-state-lost": Cause(
        "the optimizer's state is lost",
        "several optimizers would have been made, one after the other",
        "made",
    ),
    "alias-not-copy": Cause(
        "what was kept is no copy", "it would change with every later step", "calls"
    ),
    "ema-wrong": Cause(
        "the running average of the weights is wrong",
        "there would be a second set of weights that follows the first",
        "owners",
    ),
    "eval-mode-training": Cause(
        "it trains in evaluation mode",
        "there would be forward passes with gradients in eval mode",
        "modes",
    ),
    "train-mode-eval": Cause(
        "it evaluates in training mode",
        "there would be forward passes without gradients in train mode",
        "modes",
    ),
    "eval-with-grad": Cause(
        "it evaluates with gradients",
        "there would be passes in eval mode with gradients, and no backward() for them",
        "modes",
    ),
    "eval-gradient-leak": Cause(
        "evaluation leaves gradients",
        "there would be a backward() in eval mode",
        "modes",
    ),
    "bn-batch-of-one": Cause(
        "batch norm gets a single sample",
        "the error would ask for more than one value per channel",
        "end",
    ),
    "softmax-twice": Cause(
        "softmax or sigmoid is taken twice",
        "cross_entropy, or a loss with logits in its name, would be given numbers "
        "between 0 and 1",
        "loss_input",
    ),
    "softmax-wrong-dim": Cause(
        "softmax runs along the wrong dimension",
        "columns would add up to 1 (or their exp), and rows would not",
        "loss_input",
    ),
    "nll-not-log-probs": Cause(
        "nll_loss gets no logarithms",
        "nll_loss would be given numbers between 0 and 1",
        "loss_input",
    ),
    "broadcast-loss": Cause(
        "two shapes are broadcast in the loss",
        "the two sides would have different shapes",
        "shapes",
    ),
    "nan-math": Cause(
        "a function is differentiated where it has no slope",
        "a gradient would be nan while the weights are still of an ordinary size",
        "finite",
    ),
    "dead-relu": Cause(
        "the ReLUs are dead", "they would give 0 for every sample", "dead"
    ),
    "fp16-underflow": Cause(
        "gradients are too small for half precision",
        "most gradients would be exactly 0, in float16",
        "zeros",
    ),
    "lr-too-high": Cause(
        "the learning rate is too high",
        "every step would find new gradients only, and a step would soon be longer "
        "than the weights themselves",
        "update",
        "found",
    ),
    "lr-zero": Cause(
        "the learning rate is 0", "the rates of the steps would be 0", "rates"
    ),
    "scheduler-unit": Cause(
        "the scheduler counts batches as epochs, or epochs as batches",
        "the rate would fall much faster than planned, or much slower",
        "rates",
    ),
    "scheduler-before-step": Cause(
        "the scheduler steps first",
        "scheduler.step would stand before the first step",
        "order",
    ),
    "scheduler-bad-metric": Cause(
        "the scheduler is told the wrong number",
        "it would be given a number that rises as the training gets better",
        "fed",
    ),
    "scheduler-horizon": Cause(
        "the schedule is shorter or longer than the loop",
        "there would be more calls of the scheduler than it was planned for",
        "calls",
    ),
    "clip-misplaced": Cause(
        "gradients are clipped at the wrong place",
        "clip_grad would be called, but not between backward and step",
        "order",
    ),
    "accum-not-averaged": Cause(
        "gradients of micro-batches are added, not averaged",
        "there would be several calls of backward for one step, and one zero_grad",
        "calls",
    ),
    "accum-lost": Cause(
        "gradients of micro-batches are cleared",
        "there would be several calls of backward for one step, and as many of "
        "zero_grad",
        "calls",
    ),
    "closure-wrong": Cause(
        "the closure lacks a call",
        "step would call backward several times, without zero_grad each time",
        "order",
    ),
    "not-shuffled": Cause(
        "the data come in sorted order",
        "most batches would hold a single class",
        "batches",
    ),
    "metric-averaging": Cause(
        "what is reported is averaged wrongly",
        "the report would be off by a constant factor, and the training right",
        "calls",
    ),
}
