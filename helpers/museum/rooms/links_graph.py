"""The room of links: from the loss back to the parameters."""

from helpers.museum.exhibit import Exhibit

PARTS = (
    "frozen-but-moving", "graph-cut", "loss-leaf", "optimizer-wrong-params",
    "params-not-registered",
)  # fmt: skip
TWICE = ("backward-twice", "detach-missing", "inplace-version", "retain-graph-crutch")

EXHIBITS = (
    Exhibit(
        "A part learns, a part never does (1 of 4)",
        "graph-cut",
        """\
encoder = nn.Sequential(nn.Linear(8, 6), nn.Tanh())
head = nn.Linear(6, 3)
model = nn.Sequential(encoder, head)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(60):
    optimizer.zero_grad()
    code = encoder(inputs).detach()
    loss = criterion(head(code), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        ("code = encoder(inputs).detach()",),
        (("inputs).detach()", "inputs)"),),
        "worse",
        ("moved", "reached", "owners"),
        PARTS,
        "detach() hands on the numbers without their history. What lies before it gets "
        "no gradient.",
        7,
        ("recurrent-visual-attention #4", "scoringrules #36", "Lightning #19517"),
    ),
    Exhibit(
        "A part learns, a part never does (2 of 4)",
        "graph-cut",
        """\
encoder = nn.Linear(8, 6)
head = nn.Linear(6, 3)
model = nn.Sequential(encoder, head)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(60):
    optimizer.zero_grad()
    code = encoder(inputs)
    code = torch.from_numpy(code.detach().numpy().clip(min=0))
    loss = criterion(head(code), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        ("code = torch.from_numpy(code.detach().numpy().clip(min=0))",),
        (("torch.from_numpy(code.detach().numpy().clip(min=0))", "code.clip(min=0)"),),
        "worse",
        ("moved", "reached", "owners"),
        PARTS,
        "NumPy knows nothing of graphs. The array comes back as a constant.",
        7,
        ("scoringrules #36", "delira #40"),
    ),
    Exhibit(
        "A straight line (5 of 8)",
        "loss-leaf",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(40):
    optimizer.zero_grad()
    guesses = model(inputs).argmax(dim=1)
    loss = (guesses != labels).float().mean()
    loss.requires_grad_()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
        (
            "guesses = model(inputs).argmax(dim=1)",
            "loss = (guesses != labels).float().mean()",
            "loss.requires_grad_()",
        ),
        (
            ("    guesses = model(inputs).argmax(dim=1)\n", ""),
            ("(guesses != labels).float().mean()", "criterion(model(inputs), labels)"),
            ("    loss.requires_grad_()\n", ""),
        ),
        "flat",
        ("calls", "found", "reached", "nodes"),
        ("backward-missing", "graph-cut", "step-missing", "zero-grad-before-step"),
        "argmax has no gradient, and backward() said so. requires_grad_() silenced "
        "the error by making the loss a leaf: backward() then reaches nothing but the"
        " loss.",
        5,
        ("arcface-pytorch #56", "speechbrain #735", "nanodet #7"),
    ),
    Exhibit(
        "The first iteration is fine, the second one raises (2 of 2)",
        "backward-twice",
        """\
cell, head = nn.GRUCell(8, 16), nn.Linear(16, 3)
optimizer = torch.optim.Adam([*cell.parameters(), *head.parameters()], lr=0.01)
state = torch.zeros(24, 16)
for k in range(10):
    rows = slice(24 * k, 24 * k + 24)
    state = cell(inputs[rows], state)
    loss = criterion(head(state), labels[rows])
    losses.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        (
            "state = cell(inputs[rows], state)",
            "loss.backward()",
            "state = torch.zeros(24, 16)",
        ),
        (("inputs[rows], state)", "inputs[rows], state.detach())"),),
        "raises",
        ("end", "order", "nodes"),
        TWICE,
        "The state carries the graph of the previous iteration, which backward() has "
        "already freed.",
        11,
        ("OpenNMT-py #403", "nn-zero-to-hero #31", "norse #131"),
    ),
    Exhibit(
        "The cure that makes every step slower",
        "retain-graph-crutch",
        """\
model = nn.Linear(8, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
total = 0.0
for step in range(30):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    total = total + loss
    total.backward(retain_graph=True)
    optimizer.step()
    losses.append(loss.item())
kept = total.requires_grad
""",
        ("total.backward(retain_graph=True)", "total = total + loss"),
        (
            ("total + loss\n", "total + loss.item()\n"),
            ("total.backward(retain_graph=True)", "loss.backward()"),
            ("kept = total.requires_grad", "kept = torch.tensor(total).requires_grad"),
        ),
        "hidden",
        ("nodes", "norm", "calls"),
        ("backward-twice", "graph-leak", "zero-grad-missing"),
        "Each total holds the graphs of all earlier losses, and each backward() walks"
        " through all of them.",
        6,
        ("cnslab_fmri #4", "MNMT #7", "darts #56"),
        damage="kept",
    ),
    Exhibit(
        "The first backward() raises",
        "inplace-version",
        """\
first, last = nn.Linear(8, 16), nn.Linear(16, 3)
optimizer = torch.optim.SGD([*first.parameters(), *last.parameters()], lr=0.1)
for step in range(40):
    optimizer.zero_grad()
    hidden = torch.sigmoid(first(inputs))
    hidden += 1.0
    loss = criterion(last(hidden), labels)
    losses.append(loss.item())
    loss.backward()
    optimizer.step()
""",
        ("hidden += 1.0", "hidden = torch.sigmoid(first(inputs))"),
        (("hidden += 1.0", "hidden = hidden + 1.0"),),
        "raises",
        ("end", "order"),
        ("backward-twice", "graph-cut", "step-before-backward"),
        "The derivative of the sigmoid is computed from its output, and += has "
        "overwritten that.",
        8,
        ("FUNIT #23", "unilm #999", "vq-vae-2 #60"),
    ),
    Exhibit(
        "Two networks, and the second one's backward() raises",
        "inplace-version",
        """\
G = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 8))
D = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=0.001)
opt_d = torch.optim.Adam(D.parameters(), lr=0.001)
for step in range(20):
    fake = G(torch.randn(64, 2))
    score = D(fake)
    loss_d = F.softplus(-D(inputs)).mean() + F.softplus(score).mean()
    losses.append(loss_d.item())
    opt_d.zero_grad()
    loss_d.backward(retain_graph=True)
    opt_d.step()
    loss_g = F.softplus(-score).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
""",
        ("opt_d.step()", "loss_g = F.softplus(-score).mean()", "loss_g.backward()"),
        (("F.softplus(-score)", "F.softplus(-D(fake))"),),
        "raises",
        ("end", "order"),
        TWICE,
        "The score of D was computed with weights that D's own step has changed by the "
        "time G asks for gradients through them.",
        9,
        ("pytorch #39141", "SRGAN #79", "SoundStream #7"),
    ),
    Exhibit(
        "Memory creeps up, a little every step",
        "graph-leak",
        """\
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
total = 0.0
for step in range(40):
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    total = total + loss
    losses.append(loss.item())
holds_graph = torch.as_tensor(total).requires_grad
""",
        ("total = total + loss",),
        (("total + loss\n", "total + loss.item()\n"),),
        "hidden",
        ("nodes", "calls"),
        ("detach-missing", "eval-with-grad", "retain-graph-crutch"),
        "The sum is a tensor with a history: it holds a node for every loss, and each "
        "node its graph.",
        11,
        ("pytorch #6017", "ray #40940", "mi-prometheus #111"),
        asks=(("Does the running total need a gradient?", "holds_graph"),),
        damage="holds_graph",
    ),
)
