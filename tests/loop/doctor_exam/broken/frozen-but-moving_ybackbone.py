"""Train a new head on a frozen, pretrained backbone."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def backbone():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
    )


class Classifier(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.backbone = backbone()
        self.head = nn.Linear(64, classes)

    def forward(self, x):
        return self.head(self.backbone(x))

    def freeze_backbone(self):
        for parameter in self.backbone.parameters():
            parameter.requires_grad = False
        self.backbone.eval()


def train(model, loader, optimizer):
    model.train()  # HERE
    total = 0.0
    for images, labels in loader:
        loss = nn.functional.cross_entropy(model(images), labels)  # HERE
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    hits = [(model(images).argmax(1) == labels) for images, labels in loader]
    return torch.cat(hits).float().mean().item()


torch.manual_seed(0)
means = torch.randn(3, 1, 10, 10)
labels = torch.randint(3, (192,))
data = TensorDataset(3 + 2 * means[labels] + torch.randn(192, 1, 10, 10), labels)
loader = DataLoader(data, batch_size=32, shuffle=True)
model = Classifier(3)
model.freeze_backbone()
optimizer = torch.optim.Adam(model.head.parameters(), lr=1e-2)
for epoch in range(5):
    loss = train(model, loader, optimizer)
    print(f"epoch {epoch}: loss {loss:.4f} accuracy {evaluate(model, loader):.3f}")
