"""Tell voices from noise by their spectrum in decibels."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def spectra(count=256, bins=32):
    labels = torch.randint(2, (count,))
    level = -55 + 8 * torch.randn(count, bins)
    level[:, 4:12] += 25 * labels[:, None]
    return TensorDataset(level.clamp(-80, -1), labels.float())


class Detector(nn.Module):
    def __init__(self, bins=32, hidden=24):
        super().__init__()
        self.fc1 = nn.Linear(bins, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, 1)
        for layer in (self.fc1, self.fc2, self.fc3):
            nn.init.uniform_(layer.weight)  # HERE
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = F.relu(self.fc1(x))  # HERE
        x = F.relu(self.fc2(x))  # HERE
        return self.fc3(x).squeeze(1)


torch.manual_seed(0)
loader = DataLoader(spectra(), batch_size=32, shuffle=True)
model = Detector()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(6):
    total, correct = 0.0, 0
    for x, y in loader:
        score = model(x)
        loss = criterion(score, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        correct += ((score > 0) == y.bool()).sum().item()
    print(f"epoch {epoch}: loss {total / 256:.4f} accuracy {correct / 256:.3f}")
