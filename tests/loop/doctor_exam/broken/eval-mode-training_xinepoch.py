import torch
from torch import nn


class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)
        self.bn = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(0.4)
        self.fc = nn.Linear(8 * 36, 3)

    def forward(self, x):
        h = torch.relu(self.bn(self.conv(x))).flatten(1)
        return self.fc(self.drop(h))


def evaluate(model, loader):
    model.eval()  # HERE
    right = total = 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x).argmax(1) == y).sum().item()
            total += len(y)
    return right / total


def dataset(n):
    y = torch.randint(3, (n,))
    x = torch.randn(n, 1, 8, 8)
    for i, k in enumerate(y.tolist()):
        x[i, 0, :, 2 * k : 2 * k + 2] += 0.6
    return torch.utils.data.TensorDataset(x, y)


def main():
    torch.manual_seed(0)
    train_loader = torch.utils.data.DataLoader(dataset(240), 24, shuffle=True)
    val_loader = torch.utils.data.DataLoader(dataset(90), 45)
    model = SmallCNN()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    model.train()  # HERE
    for epoch in range(5):
        for x, y in train_loader:
            loss = nn.functional.cross_entropy(model(x), y)  # HERE
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch} {loss.item():.4f} val {evaluate(model, val_loader):.3f}")


main()
