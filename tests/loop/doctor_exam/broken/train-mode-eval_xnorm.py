import torch
from torch import nn


class AutoEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(
            nn.Linear(12, 10), nn.BatchNorm1d(10), nn.ReLU(), nn.Dropout(0.1)
        )
        self.dec = nn.Linear(10, 12)

    def forward(self, x):
        return self.dec(self.enc(x))


class Experiment:
    def __init__(self, train_x, val_x):
        self.model = AutoEncoder()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-2)
        self.train_x, self.val_x = train_x, val_x

    def train_epoch(self):
        self.model.train()
        for batch in self.train_x.split(25):
            self.optimizer.zero_grad()
            loss = nn.functional.mse_loss(self.model(batch), batch)
            loss.backward()
            self.optimizer.step()
        return loss.item()

    def validate(self):  # HERE
        total = 0.0
        with torch.no_grad():  # HERE
            for batch in self.val_x.split(10):
                total += nn.functional.mse_loss(self.model(batch), batch).item()  # HERE
        return total / len(self.val_x.split(10))


if __name__ == "__main__":
    torch.manual_seed(0)
    mix = torch.randn(4, 12)
    shift = torch.randn(30, 4) * 2 + 3
    exp = Experiment(torch.randn(200, 4) @ mix, shift @ mix)
    for epoch in range(6):
        tr = exp.train_epoch()
        print(f"{epoch} train {tr:.4f} val {exp.validate():.4f} {exp.validate():.4f}")
