import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)


class MiniUNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(8, 8, 2, stride=2)
        self.out = nn.Conv2d(9, 1, 1)

    def forward(self, x):
        h = self.up(torch.relu(self.down(x)))
        return self.out(torch.cat([h, x], 1))


class Trainer:
    def __init__(self, model, train_dl, val_dl):
        self.model, self.train_dl, self.val_dl = model, train_dl, val_dl
        self.opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.0)
        self.crit = nn.BCEWithLogitsLoss()
        self.best_loss, self.best_state = float("inf"), None

    def train_epoch(self):
        self.model.train()
        for x, y in self.train_dl:
            self.opt.zero_grad()
            loss = self.crit(self.model(x), y)
            loss.backward()
            self.opt.step()

    @torch.no_grad()
    def validate(self):
        self.model.eval()
        total = sum(self.crit(self.model(x), y).item() * len(x) for x, y in self.val_dl)
        return total / len(self.val_dl.dataset)

    def fit(self, epochs):
        for epoch in range(epochs):
            self.train_epoch()
            val = self.validate()
            print(f"epoch {epoch} val {val:.4f}")
            if val < self.best_loss:
                self.best_loss = val
                self.best_state = self.model.state_dict()  # HERE
        self.model.load_state_dict(self.best_state)


x = torch.randn(96, 1, 16, 16)
y = (nn.functional.avg_pool2d(x, 3, 1, 1) > 0).float()
train = DataLoader(TensorDataset(x[:64], y[:64]), batch_size=16, shuffle=True)
val = DataLoader(TensorDataset(x[64:], y[64:]), batch_size=16)
Trainer(MiniUNet(), train, val).fit(5)
