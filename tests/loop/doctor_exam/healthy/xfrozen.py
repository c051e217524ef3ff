import torch
from torch import nn


class FineTuned(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(1, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.Flatten()
        )
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(6 * 36, classes))
        for p in self.backbone.parameters():
            p.requires_grad_(False)

    def train(self, mode=True):
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, x):
        return self.head(self.backbone(x))


def main():
    torch.manual_seed(0)
    y = torch.randint(3, (240,))
    x = torch.randn(240, 1, 8, 8)
    for i, k in enumerate(y.tolist()):
        x[i, 0, 2 * k : 2 * k + 2] += 1.0
    model = FineTuned()
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(trainable, lr=0.05, momentum=0.9)
    for epoch in range(5):
        model.train()
        for idx in torch.randperm(180).split(30):
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            acc = (model(x[180:]).argmax(1) == y[180:]).float().mean().item()
        print(f"epoch {epoch} loss {loss.item():.4f} val {acc:.3f}")


main()
