import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset

torch.manual_seed(0)
X = torch.randn(400, 10)
y = (X[:, :2].sum(1) > 0).long()
full = TensorDataset(X[:300], y[:300])
Xt, yt = X[300:], y[300:]

curve = []
for n in (10, 30, 100, 300):
    errs = []
    for seed in range(3):
        torch.manual_seed(seed)
        subset = Subset(full, torch.randperm(300)[:n].tolist())
        loader = DataLoader(subset, batch_size=min(32, n), shuffle=True)
        net = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 2))
        opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
        for epoch in range(6):
            for a, b in loader:
                opt.zero_grad()
                nn.functional.cross_entropy(net(a), b).backward()
                opt.step()
        net.eval()
        with torch.no_grad():
            errs.append((net(Xt).argmax(1) != yt).float().mean().item())
    curve.append((n, sum(errs) / len(errs)))
print(curve)
