import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(120, 20)
y = (X[:, 0] > 0).float()
train_dl = DataLoader(TensorDataset(X[:80], y[:80]), batch_size=16, shuffle=True)
valid_dl = DataLoader(TensorDataset(X[80:], y[80:]), batch_size=40)


class EarlyStopping:
    def __init__(self, patience=4):
        self.patience, self.best, self.bad, self.state = patience, float("inf"), 0, None

    def __call__(self, loss, model):
        if loss < self.best:
            self.best, self.bad = loss, 0
            self.state = copy.deepcopy(model.state_dict())
        else:
            self.bad += 1
        return self.bad >= self.patience


model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 1))
opt = torch.optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.BCEWithLogitsLoss()
stopper = EarlyStopping()
for epoch in range(30):
    model.train()
    for xb, yb in train_dl:
        opt.zero_grad()
        loss = loss_fn(model(xb).squeeze(1), yb)
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        val = sum(loss_fn(model(a).squeeze(1), b).item() for a, b in valid_dl) / len(
            valid_dl
        )
    if stopper(val, model):
        print("stopped at", epoch)
        break
model.load_state_dict(stopper.state)
model.eval()
with torch.inference_mode():
    print(((model(X[80:]).squeeze(1) > 0) == (y[80:] > 0.5)).float().mean().item())
