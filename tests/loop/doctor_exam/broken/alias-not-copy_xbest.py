import torch
from torch import nn


class EarlyStopping:
    def __init__(self, patience=20):
        self.best, self.weights, self.bad = float("inf"), None, 0
        self.patience = patience

    def __call__(self, loss, model):
        if loss < self.best:
            self.best, self.bad = loss, 0
            self.weights = model.state_dict()  # HERE
        else:
            self.bad += 1
        return self.bad >= self.patience


def main():
    torch.manual_seed(2)
    x = torch.randn(60, 12)
    y = x[:, :1] + torch.randn(60, 1)
    model = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    stopper = EarlyStopping()
    for epoch in range(60):
        model.train()
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x[:30]), y[:30])
        loss.backward()
        optimizer.step()
        model.eval()
        with torch.no_grad():
            val = nn.functional.mse_loss(model(x[30:]), y[30:]).item()
        if stopper(val, model):
            break
    print(f"best validation loss {stopper.best:.4f} (stopped at {epoch})")
    model.load_state_dict(stopper.weights)  # HERE
    with torch.no_grad():
        restored = nn.functional.mse_loss(model(x[30:]), y[30:]).item()
    print(f"restored model     {restored:.4f}")


main()
