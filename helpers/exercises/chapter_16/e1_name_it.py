"""Exercise 16.1: the causes of eight loops that are known by their clues."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

CAUSES = {"a": "loss-leaf", "b": "softmax-twice", "c": "accum-lost"}
CAUSES |= {"d": "params-not-registered", "e": "retain-graph-crutch"}
CAUSES |= {"f": "eval-mode-training", "g": "nan-math", "h": "scheduler-unit"}

WRONG = (
    {
        "zero-grad-before-step": "a: a clearing would leave None as well, but backward "
        "would have walked through the nodes of the model first. Here there is none.",
        "graph-cut": "a: a cut leaves a graph behind it, up to the cut: backward would "
        "walk through some nodes, and reach the parameters after the cut.",
        "backward-missing": "a: backward was called 40 times. Ask what it walked "
        "through.",
        "optimizer-wrong-params": "a: gradients would arrive somewhere then. Without a "
        "node there is no way from the loss to any tensor.",
    },
    {
        "softmax-wrong-dim": "b: then the columns would add up to 1, over the "
        "batch, and not each row.",
        "nll-not-log-probs": "b: probabilities in nll_loss are wrong as well, and its "
        "loss falls below zero. This is CrossEntropyLoss.",
        "broadcast-loss": "b: that speaks of shapes. These numbers are shares of 1.",
    },
    {
        "accum-not-averaged": "c: then the four gradients would be there and added. A "
        "zero_grad for each backward clears three of them.",
        "zero-grad-missing": "c: there are more clearings than steps, not too few.",
        "zero-grad-before-step": "c: then no step would find a gradient. Here each "
        "finds that of the last micro-batch.",
        "closure-wrong": "c: a closure that clears before each backward is right: its "
        "calls stand inside of step. Ask for the order, and for what is meant.",
    },
    {
        "optimizer-wrong-params": "d: then the optimizer would hold tensors that are "
        "not used. It holds all that the model lists.",
        "graph-cut": "d: gradients arrive at all six.",
    },
    {
        "graph-leak": "e: what is kept does grow, but a backward that begins at one "
        "loss walks through one iteration: the count would stay.",
        "backward-twice": "e: that raises at the second call. Somebody had it keep the "
        "graphs.",
        "zero-grad-missing": "e: that concerns .grad. Nodes belong to the graph.",
    },
    {
        "eval-with-grad": "f: those passes have no backward. Here each has one.",
        "train-mode-eval": "f: that would be train mode without gradients.",
        "eval-gradient-leak": "f: that is a backward in an evaluation, between "
        "training passes. Here 30 of 40 passes are the training.",
    },
    {
        "lr-too-high": "g: then the weights and losses grow before the first nan, by "
        "factors. Twice as long is tame.",
        "fp16-underflow": "g: too small numbers become 0, not nan.",
    },
    {
        "scheduler-horizon": "h: StepLR has no end that could come too soon. Compare "
        "its 3 with 10 batches.",
        "scheduler-before-step": "h: that concerns the first call. Here it is their "
        "number.",
        "lr-zero": "h: it comes near 0 by the end, and begins as planned. Ask why.",
    },
)

EXERCISE = Exercise(
    number="16.1",
    title="Name it",
    solution=CAUSES,
    cases=lambda: [()],
    mistakes=wrong_readings(CAUSES, WRONG),
    compared_with="eight exhibits of the museum",
)
