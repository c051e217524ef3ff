"""Which findings only follow from another one, and are not told beside it."""

CONSEQUENCES = {
    "zero-grad-missing": (
        "lr-too-high",
        "nan-math",
        "accum-not-averaged",
        "detach-missing",
    ),
    "zero-grad-before-step": ("accum-lost", "clip-misplaced"),
    "step-before-backward": (
        "inplace-version",
        "zero-grad-missing",
        "zero-grad-before-step",
        "accum-lost",
    ),
    "params-not-registered": ("optimizer-wrong-params", "graph-cut"),
    "optimizer-wrong-params": ("graph-cut", "zero-grad-missing"),
    "loss-leaf": ("graph-cut", "backward-missing", "optimizer-wrong-params"),
    "graph-cut": ("optimizer-wrong-params", "eval-with-grad", "lr-too-high"),
    "retain-graph-crutch": (
        "graph-leak",
        "detach-missing",
        "optimizer-wrong-params",
        "lr-too-high",
    ),
    "closure-wrong": ("zero-grad-missing", "backward-missing", "graph-cut"),
    "eval-mode-training": ("eval-gradient-leak",),
    "eval-gradient-leak": ("eval-with-grad", "accum-lost"),
    "softmax-wrong-dim": ("softmax-twice", "nll-not-log-probs"),
    "shared-optimizer": ("detach-missing",),
    "lr-too-high": ("nan-math", "dead-relu"),
    "grad-none-read": ("backward-missing",),
    "manual-update-rebinds": ("grad-none-read",),
    "scheduler-unit": ("lr-zero", "scheduler-horizon"),
}
