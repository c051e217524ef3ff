"""Exercise 8.5: a step of the generator that leaves no trace in the discriminator."""

import torch

from helpers import nn, optim
from helpers.exercises.exercise import Exercise, Mistake, faulty


def generator_step(generator, discriminator, optimizer_G, noise):
    """Step towards "yes"; return the loss as a number."""
    return _build()(generator, discriminator, optimizer_G, noise)


def _build(clears="G", detaches=False, target=1.0, leak="none", steps=True,
           late_clear=False, sign=1.0, hidden=False, returns="number"):  # fmt: skip
    """A step with any of its parts exchanged."""

    def generator_step(generator, discriminator, optimizer_G, noise):
        kept = [(p, p.grad) for p in discriminator.parameters()]
        if leak in ("none", "frozen"):
            discriminator.requires_grad_(False)
        if hidden:
            with torch.no_grad():
                points = generator(noise)
        else:
            points = generator(noise)
        answers = discriminator(points.detach() if detaches else points)
        if leak == "none":
            discriminator.requires_grad_(True)
        loss = sign * nn.BCEWithLogitsLoss()(answers, torch.full(answers.shape, target))
        if clears == "G" and not late_clear:
            optimizer_G.zero_grad()
        loss.backward()
        if late_clear:
            optimizer_G.zero_grad()
        if leak == "cleared":
            discriminator.zero_grad()
        if steps:
            optimizer_G.step()
        del kept
        return {"number": lambda: sign * loss.item(), "tensor": lambda: loss,
                "nothing": lambda: None}[returns]()  # fmt: skip

    return generator_step


FAULTS = (
    (
        {"leak": "written"},
        "The generator moves rightly, and its loss has written into the "
        "discriminator's gradients on the way. The parameters of the discriminator "
        "must not require gradients meanwhile.",
    ),
    (
        {"leak": "cleared"},
        "You clear the discriminator's gradients after the backward. Those that were "
        "there before are gone too. Have nothing written in the first place.",
    ),
    (
        {"leak": "frozen"},
        "The discriminator stays frozen: requires_grad is False at the end, and its "
        "own next step would find no gradients. Switch it back on.",
    ),
    (
        {"clears": "nothing"},
        "The generator's old gradients are still there when backward adds the new ones."
        " optimizer_G.zero_grad() comes before backward.",
    ),
    (
        {"late_clear": True},
        "You clear between backward and step: step() finds nothing, and the generator "
        "stays where it was.",
    ),
    (
        {"target": 0.0},
        'You go towards "no": the generator learns to be recognized. Its target for '
        "its own points is 1.",
    ),
    (
        {"sign": -1.0},
        'You go uphill: the loss towards "yes" is to fall.',
    ),
    (
        {"steps": False},
        "The gradients are right, and nobody steps: optimizer_G.step() is missing.",
    ),
    (
        {"returns": "tensor"},
        "The step is right. Return the loss as a number, loss.item(): the tensor holds "
        "the whole graph.",
    ),
    (
        {"returns": "nothing"},
        "The step is right, and nothing is returned. Return the loss, as a number.",
    ),
)

NO_WAY = (
    "There is no way back to the generator: its points were cut off, by detach() or "
    "under no_grad. In its own step the gradient has to come through the discriminator."
)
WITHOUT_A_WAY = (
    Mistake(_build(detaches=True), NO_WAY),
    Mistake(_build(hidden=True), NO_WAY),
    Mistake(_build(detaches=True, leak="written"), NO_WAY),
    Mistake(_build(hidden=True, leak="written"), NO_WAY),
    Mistake(_build(detaches=True, leak="cleared"), NO_WAY),
)


def _pair(detail):
    """Two small networks, with gradients from before or without, and an optimizer."""
    torch.manual_seed(1)
    generator = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    discriminator = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    if detail != "no gradients yet":
        discriminator(generator(torch.ones(2, 3))).sum().backward()
    optimizer = optim.SGD(generator.parameters(), lr=0.5)
    return generator, discriminator, optimizer, torch.randn(5, 3)


def _left(parameters):
    return [None if p.grad is None else p.grad.tolist() for p in parameters]


def _after(answer, detail):
    """What has moved, what stands in the discriminator, and what came back."""
    generator, discriminator, optimizer, noise = _pair(detail)
    returned = answer(generator, discriminator, optimizer, noise)
    if isinstance(returned, torch.Tensor) or hasattr(returned, "grad_fn"):
        returned = "a tensor"
    judges = list(discriminator.parameters())
    return {
        "the generator": [p.tolist() for p in generator.parameters()],
        "gradients of the generator": _left(generator.parameters()),
        "the discriminator": [p.tolist() for p in judges],
        "gradients of the discriminator": _left(judges),
        "required of it": [p.requires_grad for p in judges],
        "returned": returned,
    }


EXERCISE = Exercise(
    number="8.5",
    title="The generator's step",
    solution=generator_step,
    cases=lambda: [("gradients from before",), ("no gradients yet",)],
    probe=_after,
    tolerance=1e-5,
    mistakes=(*faulty(_build, FAULTS), *WITHOUT_A_WAY),
    compared_with="a step of PyTorch's, and the discriminator before it",
    build=_build,
    faults=FAULTS,
)
