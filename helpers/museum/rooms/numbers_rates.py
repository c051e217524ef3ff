"""The room of numbers: rates, schedules and precision."""

from helpers.museum.exhibit import Exhibit

RATES = ("lr-zero", "scheduler-bad-metric", "scheduler-horizon", "scheduler-unit")

EXHIBITS = (
    Exhibit(
        "Each swing is larger than the one before",
        "lr-too-high",
        """\
model = nn.Linear(8, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1.2)
targets = inputs.sum(dim=1, keepdim=True)
for step in range(40):
    optimizer.zero_grad()
    loss = F.mse_loss(model(inputs), targets)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "optimizer = torch.optim.SGD(model.parameters(), lr=1.2)",
            "optimizer.step()",
        ),
        (("lr=1.2", "lr=0.1"),),
        "grows",
        ("calls", "found", "norm", "update"),
        ("accum-not-averaged", "clip-misplaced", "nan-math", "zero-grad-missing"),
        "Each step overshoots the minimum and ends farther from it than it began. The"
        " gradients are right; the steps along them are too long.",
        17,
        ("maskrcnn-benchmark #295", "detr #285"),
    ),
    Exhibit(
        "A straight line (7 of 8)",
        "fp16-underflow",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 1)).half()
optimizer = torch.optim.SGD(model.parameters(), lr=5e4)
targets = inputs[:, :1].half()
for step in range(30):
    optimizer.zero_grad()
    loss = (model(inputs.half()) - targets).square().mean() * 1e-6
    loss.backward()
    optimizer.step()
    losses.append(loss.item() * 1e6)
""",
        (
            "model = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), "
            "nn.Linear(16, 1)).half()",
            "loss = (model(inputs.half()) - targets).square().mean() * 1e-6",
            "loss.backward()",
            "optimizer.step()",
        ),
        (
            (".half()\noptimizer", "\noptimizer"),
            ("inputs[:, :1].half()", "inputs[:, :1]"),
            ("inputs.half()", "inputs"),
        ),
        "flat",
        ("zeros", "found", "calls"),
        ("dead-relu", "graph-cut", "lr-zero", "zero-grad-before-step"),
        "The smallest positive number of float16 is 6e-8. Gradients below it are "
        "rounded to 0.",
        17,
        ("Open-Rig3R #35",),
    ),
    Exhibit(
        "It stops learning in the second epoch",
        "scheduler-unit",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=3, gamma=0.3)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=24)
for epoch in range(6):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
""",
        (
            "scheduler.step()",
            "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=3, "
            "gamma=0.3)",
        ),
        (
            ("        scheduler.step()\n", ""),
            (
                "        losses.append(loss.item())\n",
                "        losses.append(loss.item())\n    scheduler.step()\n",
            ),
        ),
        "worse",
        ("rates", "calls"),
        (*RATES, "scheduler-before-step"),
        "StepLR counts calls. step_size=3 was meant in epochs, and the calls come once "
        "a batch.",
        17,
        ("ivadomed #55", "espnet #3319", "pytorch #65417"),
    ),
    Exhibit(
        "The better it gets, the smaller the rate",
        "scheduler-bad-metric",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
for step in range(40):
    optimizer.zero_grad()
    outputs = model(inputs)
    loss = criterion(outputs, labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    accuracy = (outputs.argmax(dim=1) == labels).float().mean().item()
    scheduler.step(accuracy)
""",
        (
            "scheduler.step(accuracy)",
            "scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, "
            "patience=1)",
        ),
        (("patience=1)", 'mode="max", patience=9)'),),
        "worse",
        ("rates", "fed", "calls"),
        (*RATES,),
        "The scheduler waits for its number to fall (mode='min'). A rising accuracy "
        "looks to it like no progress.",
        8,
        ("ViS4mer #4", "selene #115", "pytorch-template #89"),
    ),
    Exhibit(
        "A straight line (8 of 8)",
        "lr-zero",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
warm_up = lambda step: min(step, 5) // 10
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, warm_up)
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    scheduler.step()
    losses.append(loss.item())
""",
        (
            "warm_up = lambda step: min(step, 5) // 10",
            "scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, warm_up)",
            "optimizer.step()",
        ),
        (("min(step, 5) // 10", "min(step + 1, 5) / 5"),),
        "flat",
        ("rates", "found", "calls"),
        (
            "graph-cut",
            "optimizer-wrong-params",
            "step-missing",
            "zero-grad-before-step",
        ),
        "The factor is a whole-number division: 0 at every step. The gradients are "
        "there, and are multiplied by 0.",
        8,
        ("verl #3674", "gpt-neox #1373", "torchtitan #1261"),
    ),
    Exhibit(
        "The last epochs raise",
        "scheduler-horizon",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=24)
total = 3 * len(loader)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.5, total)
for epoch in range(4):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
""",
        (
            "total = 3 * len(loader)",
            "scheduler.step()",
            "scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.5, total)",
            "for epoch in range(4):",
        ),
        (("3 * len", "4 * len"),),
        "raises",
        ("end", "rates", "calls"),
        ("lr-zero", "scheduler-before-step", "scheduler-unit"),
        "The cycle was planned for three epochs, and the loop runs for four.",
        17,
        ("PiFold #6", "flair #2954", "OpenSTL #184"),
    ),
)
