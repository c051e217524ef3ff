"""The room of order: calls that stand at the wrong place, or are missing."""

from helpers.museum.exhibit import Exhibit

ORDER = ("calls", "order", "found")
FLAT = (
    "backward-missing", "lr-zero", "optimizer-wrong-params", "step-before-backward",
    "step-missing", "zero-grad-before-step",
)  # fmt: skip
GROWS = ("accum-not-averaged", "clip-misplaced", "lr-too-high", "zero-grad-missing")

EXHIBITS = (
    Exhibit(
        "It falls, turns around, and leaves the picture",
        "zero-grad-missing",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for step in range(60):
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "loss = criterion(model(inputs), labels)",
            "loss.backward()",
            "optimizer.step()",
        ),
        (("    loss = c", "    optimizer.zero_grad()\n    loss = c"),),
        "grows",
        ("calls", "found", "norm", "update"),
        GROWS,
        "backward() adds to .grad. Every step goes along the sum of all gradients so "
        "far, and momentum piles up those sums.",
        11,
        ("pytorch #47175", "silero-vad #699", "DN-DETR #19"),
    ),
    Exhibit(
        "It works with few batches, badly with many",
        "zero-grad-missing",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=12, shuffle=True)
for epoch in range(4):
    optimizer.zero_grad()
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
""",
        ("optimizer.zero_grad()", "loss.backward()"),
        (
            ("    optimizer.zero_grad()\n", ""),
            ("        loss = c", "        optimizer.zero_grad()\n        loss = c"),
        ),
        "worse",
        ("calls", "found", "norm"),
        (*GROWS, "accum-lost"),
        "One level of indentation: zero_grad() is called once an epoch. Within an "
        "epoch the gradients of all batches add up.",
        3,
        ("pytorch #47175", "Standalone-DeepLearning #11"),
    ),
    Exhibit(
        "A straight line (1 of 8)",
        "zero-grad-before-step",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(40):
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    losses.append(loss.item())
""",
        ("optimizer.zero_grad()",),
        (
            (
                "    optimizer.zero_grad()\n    optimizer.step()",
                "    optimizer.step()\n    optimizer.zero_grad()",
            ),
        ),
        "flat",
        ORDER,
        FLAT,
        "step() reads .grad and nothing else, and skips what is None. zero_grad() "
        "came first.",
        2,
        ("lora #263",),
    ),
    Exhibit(
        "A straight line (2 of 8)",
        "step-before-backward",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    optimizer.step()
    loss.backward()
    losses.append(loss.item())
""",
        ("optimizer.step()", "loss.backward()"),
        (
            (
                "    optimizer.step()\n    loss.backward()",
                "    loss.backward()\n    optimizer.step()",
            ),
        ),
        "flat",
        ORDER,
        FLAT,
        "When step() looks, this batch has no gradient yet, and that of the last one "
        "has just been cleared.",
        3,
        ("edge-connect #188", "OGNet #8"),
    ),
    Exhibit(
        "The first iteration is fine, the second one raises (1 of 2)",
        "step-before-backward",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(40):
    loss = criterion(model(inputs), labels)
    losses.append(loss.item())
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
""",
        ("optimizer.step()", "loss.backward()"),
        (
            ("    optimizer.step()\n", ""),
            ("    loss.backward()", "    loss.backward()\n    optimizer.step()"),
        ),
        "raises",
        ("end", "order", "found"),
        ("backward-twice", "inplace-version", "retain-graph-crutch"),
        "From the second iteration on, the step finds a gradient: the previous one. "
        "It changes weights that the forward pass saved, and backward() refuses.",
        3,
        ("edge-connect #188",),
    ),
    Exhibit(
        "A straight line (3 of 8)",
        "step-missing",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step
    losses.append(loss.item())
""",
        ("optimizer.step",),
        (("optimizer.step\n", "optimizer.step()\n"),),
        "flat",
        ORDER,
        FLAT,
        "Without brackets a method is named, not called. Python finds nothing wrong.",
        3,
        ("deepfillv2 #6", "pytorch #3814", "PyTorch-YOLOv3 #431"),
    ),
    Exhibit(
        "A straight line (4 of 8)",
        "backward-missing",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward
    optimizer.step()
    losses.append(loss.item())
""",
        ("loss.backward",),
        (("loss.backward\n", "loss.backward()\n"),),
        "flat",
        ORDER,
        FLAT,
        "No gradient was ever computed. A step over parameters without a gradient is "
        "legal, and does nothing.",
        1,
        ("NLP-with-Deep-Learning #2",),
    ),
    Exhibit(
        "It ran for years, until PyTorch 2",
        "grad-none-read",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(40):
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    optimizer.zero_grad()
    length = sum(p.grad.norm() for p in model.parameters())
""",
        (
            "length = sum(p.grad.norm() for p in model.parameters())",
            "optimizer.zero_grad()",
        ),
        (
            (
                "    optimizer.zero_grad()\n    length = sum(p.grad.norm() "
                "for p in model.parameters())",
                "    length = sum(p.grad.norm() for p in model.parameters())\n"
                "    optimizer.zero_grad()",
            ),
        ),
        "raises",
        ("end", "order"),
        ("backward-missing", "graph-cut", "manual-update-rebinds"),
        "Since PyTorch 2.0 zero_grad() leaves None, where it left zeros before. The "
        "length has to be read earlier.",
        2,
        ("pytorch/examples #1172",),
    ),
)
