"""Fine-tune a head: the frozen backbone runs under no_grad, in eval mode."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Probe(nn.Module):
    def __init__(self, backbone, classes):
        super().__init__()
        self.backbone = backbone.requires_grad_(False)
        self.head = nn.Linear(16, classes)

    def train(self, mode=True):
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, x):
        with torch.no_grad():
            features = self.backbone(x)
        return self.head(features)


torch.manual_seed(0)
backbone = nn.Sequential(
    nn.Conv2d(1, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.AdaptiveAvgPool2d(1)
)
backbone.append(nn.Flatten())
kinds = torch.tensor([0.3, 1.0, 2.0])
labels = torch.randint(3, (192,))
images = torch.randn(192, 1, 8, 8) * kinds[labels].view(-1, 1, 1, 1)
loader = DataLoader(TensorDataset(images, labels), batch_size=32, shuffle=True)
model = Probe(backbone, 3)
trainable = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trainable, lr=3e-2, weight_decay=0.0)
for epoch in range(6):
    model.train()
    correct = 0
    for x, y in loader:
        output = model(x)
        loss = nn.functional.cross_entropy(output, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        correct += (output.argmax(1) == y).sum().item()
    print(f"epoch {epoch}: accuracy {correct / 192:.3f}")
