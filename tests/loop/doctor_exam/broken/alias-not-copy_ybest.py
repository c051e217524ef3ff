"""Keep the weights of the best epoch and come back to them at the end."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_split(count, means):
    labels = torch.randint(4, (count,))
    return TensorDataset(means[labels] + 1.5 * torch.randn(count, 12), labels)


class EarlyStopping:
    def __init__(self, patience):
        self.patience, self.bad = patience, 0
        self.best_score, self.best_state = None, None

    def __call__(self, score, model):
        if self.best_score is None or score > self.best_score:
            self.best_score, self.bad = score, 0
            self.best_state = model.state_dict()  # HERE
        else:
            self.bad += 1
        return self.bad >= self.patience


def accuracy(model, loader):
    model.eval()
    correct = 0
    with torch.no_grad():
        for x, y in loader:
            correct += (model(x).argmax(1) == y).sum().item()
    model.train()
    return correct / len(loader.dataset)


torch.manual_seed(0)
means = torch.randn(4, 12)
train_loader = DataLoader(make_split(96, means), batch_size=16, shuffle=True)
valid_loader = DataLoader(make_split(96, means), batch_size=32)
model = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 4))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
criterion = nn.CrossEntropyLoss()
stopper = EarlyStopping(patience=5)
for epoch in range(30):
    for x, y in train_loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
    score = accuracy(model, valid_loader)
    print(f"epoch {epoch}: validation accuracy {score:.3f}")
    if stopper(score, model):
        break
model.load_state_dict(stopper.best_state)  # HERE
print(f"best {stopper.best_score:.3f}, restored {accuracy(model, valid_loader):.3f}")
