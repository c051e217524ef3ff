"""The room of order: clipping, accumulation, closures, schedules and the two modes."""

from helpers.museum.exhibit import Exhibit

EXHIBITS = (
    Exhibit(
        "Clipped to length 1, and the loss explodes all the same",
        "clip-misplaced",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
targets = 10 * inputs[:, :1]
for step in range(60):
    optimizer.zero_grad()
    loss = F.mse_loss(model(inputs), targets)
    loss.backward()
    optimizer.step()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    losses.append(loss.item())
""",
        ("nn.utils.clip_grad_norm_(model.parameters(), 1.0)", "optimizer.step()"),
        (
            (
                "    optimizer.step()\n    nn.utils.clip_grad_norm_"
                "(model.parameters(), 1.0)",
                "    nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"
                "    optimizer.step()",
            ),
        ),
        "grows",
        ("order", "norm", "update"),
        ("accum-not-averaged", "lr-too-high", "zero-grad-missing"),
        "Clipping comes after the step, which has already read the gradients.",
        13,
        ("VGRNN #4", "graphstorm #1366", "transformers #1563"),
    ),
    Exhibit(
        "Small batches, added up, do not equal the large one",
        "accum-not-averaged",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=30)
for epoch in range(9):
    for k, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss.backward()
        if (k + 1) % 8 == 0:
            optimizer.step()
            optimizer.zero_grad()
    losses.append(loss.item())
""",
        ("loss = criterion(model(x), y)", "loss.backward()"),
        (("        loss.backward()", "        (loss / 8).backward()"),),
        "worse",
        ("calls", "order", "update"),
        ("accum-lost", "lr-too-high", "zero-grad-missing"),
        "Each batch's loss is a mean. The sum of eight such gradients is eight times "
        "the gradient of the mean over all, so every gradient is eight times too "
        "long.",
        21,
        ("neural_sp #168", "distillKitPlus #5"),
    ),
    Exhibit(
        "Two classes out of three are never learned",
        "accum-lost",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(40):
    for part in range(3):
        optimizer.zero_grad()
        rows = labels == part
        loss = criterion(model(inputs[rows]), labels[rows]) / 3
        loss.backward()
    optimizer.step()
    losses.append(criterion(model(inputs), labels).item())
""",
        ("optimizer.zero_grad()",),
        (
            ("        optimizer.zero_grad()\n", ""),
            ("    for part", "    optimizer.zero_grad()\n    for part"),
        ),
        "worse",
        ("calls", "order"),
        ("accum-not-averaged", "not-shuffled", "zero-grad-missing"),
        "zero_grad() is in the inner loop: of three gradients the step finds only the"
        " last.",
        21,
        ("RAE #67", "accelerate #1299", "alpaca_farm #57"),
    ),
    Exhibit(
        "LBFGS, and the loss grows",
        "closure-wrong",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 3))
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.1, max_iter=5)


def closure():
    loss = criterion(model(inputs), labels)
    loss.backward()
    return loss


for step in range(12):
    losses.append(optimizer.step(closure).item())
""",
        (
            "def closure():",
            "loss = criterion(model(inputs), labels)",
            "loss.backward()",
        ),
        (("    loss = c", "    optimizer.zero_grad()\n    loss = c"),),
        "grows",
        ("calls", "order"),
        ("accum-not-averaged", "lr-too-high", "zero-grad-before-step"),
        "LBFGS calls the closure several times a step, and each call adds its "
        "gradient to the earlier ones.",
        29,
        ("Lightning #6147", "pytorch #111369"),
    ),
    Exhibit(
        "The first learning rate is one that nobody asked for",
        "scheduler-before-step",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
loader, used = DataLoader(TensorDataset(inputs, labels), batch_size=24), []
for epoch in range(4):
    scheduler.step()
    used.append(optimizer.param_groups[0]["lr"])
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
""",
        ("scheduler.step()",),
        (
            ("    scheduler.step()\n", ""),
            (
                "        losses.append(loss.item())\n",
                "        losses.append(loss.item())\n    scheduler.step()\n",
            ),
        ),
        "hidden",
        ("order", "rates", "warned"),
        ("lr-zero", "scheduler-horizon", "scheduler-unit"),
        "The scheduler counts its own calls. Called first, it skips the rate that the "
        "optimizer was built with.",
        12,
        ("NeuralRecon #51", "BasicSR #206"),
        damage="used[0] != 0.5",
    ),
    Exhibit(
        "After the first validation, training is different",
        "eval-mode-training",
        """\
model = nn.Sequential(nn.Linear(8, 32), nn.Dropout(0.5), nn.Linear(32, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)


def evaluate():
    model.eval()
    with torch.no_grad():
        return criterion(model(inputs), labels).item()


for epoch in range(4):
    for step in range(10):
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    evaluate()
drops = model.training
""",
        ("model.eval()", "evaluate()", "for epoch in range(4):"),
        (
            ("range(4):\n", "range(4):\n    model.train()\n"),
            ("    evaluate()\n", "    evaluate()\n    model.train()\n"),
        ),
        "hidden",
        ("modes", "order"),
        ("eval-gradient-leak", "eval-with-grad", "train-mode-eval"),
        "evaluate() switches to evaluation mode, and nothing switches back. From the "
        "second epoch on, no unit is dropped.",
        7,
        ("pytorch-fcn #57", "joeynmt #184", "small-text #40"),
        damage="not drops",
    ),
    Exhibit(
        "The same weights, the same data, another score each time",
        "train-mode-eval",
        """\
model = nn.Sequential(nn.Linear(8, 32), nn.Dropout(0.5), nn.Linear(32, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
scores = []
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
for again in range(2):
    with torch.no_grad():
        scores.append(criterion(model(inputs), labels).item())
""",
        (
            "scores.append(criterion(model(inputs), labels).item())",
            "with torch.no_grad():",
            "for again in range(2):",
        ),
        (("for again in", "model.eval()\nfor again in"),),
        "hidden",
        ("modes",),
        ("eval-mode-training", "eval-with-grad"),
        "no_grad() stops the recording and nothing else. Dropout asks model.training, "
        "which is still True.",
        9,
        ("MultiBench #26", "pytorch #11999", "PyTorchNLPBook #28"),
        damage="scores[0] != scores[1]",
    ),
)
