"""The room of numbers: what goes into the loss, and what becomes of it."""

from helpers.museum.exhibit import Exhibit

FLOOR = (
    "broadcast-loss", "nll-not-log-probs", "not-shuffled", "softmax-twice",
    "softmax-wrong-dim",
)  # fmt: skip

EXHIBITS = (
    Exhibit(
        "It learns, and stops at a floor (1 of 4)",
        "softmax-twice",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3), nn.Softmax(dim=1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
for step in range(80):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3), "
            "nn.Softmax(dim=1))",
            "loss = criterion(model(inputs), labels)",
        ),
        ((", nn.Softmax(dim=1))", ")"),),
        "worse",
        ("loss_input", "shapes", "batches"),
        FLOOR,
        "CrossEntropyLoss takes the softmax itself. Of numbers between 0 and 1 it "
        "cannot make a probability near 1: with three classes the loss stays above "
        "log(e + 2) - 1 = 0.55.",
        32,
        ("lightning-bolts #654", "daisyRec #15", "focal-loss-pytorch #5"),
    ),
    Exhibit(
        "It learns, and stops at a floor (2 of 4)",
        "softmax-twice",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
criterion, targets = nn.BCEWithLogitsLoss(), (labels > 0).float()[:, None]
for step in range(60):
    optimizer.zero_grad()
    probability = torch.sigmoid(model(inputs))
    loss = criterion(probability, targets)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "probability = torch.sigmoid(model(inputs))",
            "loss = criterion(probability, targets)",
        ),
        (("torch.sigmoid(model(inputs))", "model(inputs)"),),
        "worse",
        ("loss_input", "shapes"),
        ("broadcast-loss", "dead-relu", "nll-not-log-probs", "softmax-twice"),
        "BCEWithLogitsLoss takes the sigmoid itself. A sigmoid of a number between 0 "
        "and 1 is never below one half.",
        32,
        ("SciCo #2", "Deep-learning-activity-recognition #10"),
    ),
    Exhibit(
        "It learns, and stops at a floor (3 of 4)",
        "softmax-wrong-dim",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
for step in range(60):
    optimizer.zero_grad()
    loss = F.nll_loss(torch.log_softmax(model(inputs), dim=0), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        ("loss = F.nll_loss(torch.log_softmax(model(inputs), dim=0), labels)",),
        (("dim=0", "dim=1"),),
        "worse",
        ("loss_input", "shapes"),
        FLOOR,
        "dim=0 makes the probabilities of one class add up to 1 over the batch. They "
        "should add up over the classes.",
        32,
        ("pointnet.pytorch #27", "d2l-en #2274", "world-models #10"),
    ),
    Exhibit(
        "A loss below zero, and still falling",
        "nll-not-log-probs",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3), nn.Softmax(dim=1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for step in range(60):
    optimizer.zero_grad()
    loss = F.nll_loss(model(inputs), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "loss = F.nll_loss(model(inputs), labels)",
            "model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3), "
            "nn.Softmax(dim=1))",
        ),
        (("nn.Softmax(", "nn.LogSoftmax("),),
        "negative",
        ("loss_input",),
        ("broadcast-loss", "nan-math", "softmax-twice"),
        "nll_loss wants logarithms of probabilities. It picks one number from each "
        "row and flips its sign: with probabilities that is -1 at best.",
        32,
        ("ACGAN-PyTorch #4", "Pointnet2 #30"),
    ),
    Exhibit(
        "It learns, and stops at a floor (4 of 4)",
        "broadcast-loss",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
targets = 2 * inputs[:, 0]
for step in range(80):
    optimizer.zero_grad()
    loss = ((model(inputs) - targets) ** 2).mean()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "loss = ((model(inputs) - targets) ** 2).mean()",
            "targets = 2 * inputs[:, 0]",
        ),
        (("(model(inputs) - targets)", "(model(inputs).squeeze(1) - targets)"),),
        "worse",
        ("shapes", "moved"),
        ("dead-relu", "lr-too-high", "not-shuffled", "softmax-twice"),
        "(240, 1) less (240) is (240, 240): every prediction is compared with every "
        "target, and the best answer to all of them is their mean.",
        9,
        ("pytorch #16045", "FARM #229", "xlstm #4"),
        asks=(
            (
                "How far apart are predictions and targets spread?",
                "('predictions less than half as far: '"
                " + str((model(inputs).std() < targets.std() / 2).item()))",
            ),
        ),
    ),
    Exhibit(
        "All is well, and then nan",
        "nan-math",
        """\
inputs[-1] = 0
targets = 2 * inputs[:, :1] - inputs[:, 1:2]
model = nn.Linear(8, 1, bias=False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(TensorDataset(inputs, targets), batch_size=24)
for epoch in range(4):
    for x, y in loader:
        optimizer.zero_grad()
        loss = torch.sqrt((model(x) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
""",
        ("loss = torch.sqrt((model(x) - y) ** 2).mean()", "inputs[-1] = 0"),
        (("torch.sqrt((model(x) - y) ** 2).mean()", "(model(x) - y).abs().mean()"),),
        "nan",
        ("finite", "update"),
        ("dead-relu", "fp16-underflow", "lr-too-high", "zero-grad-missing"),
        "The slope of the square root at 0 is infinite, and infinity times 0 is nan. "
        "One row of zeros, whose prediction is exactly right, spoils every weight.",
        17,
        ("structure_knowledge_distillation #21",),
    ),
    Exhibit(
        "The same answer, whatever the input",
        "dead-relu",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
nn.init.constant_(model[0].bias, -20.0)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "nn.init.constant_(model[0].bias, -20.0)",
            "loss = criterion(model(inputs), labels)",
        ),
        (("-20.0", "0.0"),),
        "worse",
        ("dead", "moved", "reached", "found"),
        ("fp16-underflow", "graph-cut", "lr-zero", "optimizer-wrong-params"),
        "Every unit gives 0 for every sample. Its slope is 0 there too, so no gradient "
        "can bring it back.",
        17,
        ("deep-cross-attention #2",),
    ),
)
