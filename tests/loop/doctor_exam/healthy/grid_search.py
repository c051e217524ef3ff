import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(200, 6)
y = X @ torch.randn(6, 1) + 0.1 * torch.randn(200, 1)
train = DataLoader(TensorDataset(X[:160], y[:160]), batch_size=32, shuffle=True)
criterion = nn.MSELoss()

results = {}
for lr in (3.0, 1.0, 0.3, 0.1, 0.03, 0.01):
    for momentum in (0.0, 0.9):
        torch.manual_seed(1)
        model = nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 1))
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
        for epoch in range(4):
            model.train()
            for xb, yb in train:
                optimizer.zero_grad()
                loss = criterion(model(xb), yb)
                loss.backward()
                optimizer.step()
        model.eval()
        with torch.no_grad():
            results[lr, momentum] = criterion(model(X[160:]), y[160:]).item()
best = min(results, key=lambda k: results[k] if results[k] == results[k] else 1e9)
print("best", best, results[best])
