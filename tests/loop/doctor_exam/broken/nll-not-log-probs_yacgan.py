"""A classifier of wave forms: which of four frequencies is it?"""

import torch
from torch import nn


class WaveClassifier(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(1, 8, 5, padding=2), nn.ReLU(), nn.AdaptiveAvgPool1d(8)
        )
        self.fc = nn.Linear(64, classes)
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        return self.softmax(self.fc(self.conv(x).flatten(1)))  # HERE


def sample(count):
    label = torch.randint(4, (count,))
    time = torch.arange(32.0) * 0.2
    wave = torch.sin((label[:, None] + 1) * time + torch.rand(count, 1) * 0.5)
    return (wave + 0.2 * torch.randn_like(wave)).unsqueeze(1), label


def main():
    torch.manual_seed(0)
    model = WaveClassifier()
    aux_criterion = nn.NLLLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for step in range(1, 151):
        wave, label = sample(32)
        probabilities = model(wave)
        loss = aux_criterion(probabilities, label)  # HERE
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 30 == 0:
            print(f"step {step}: loss {loss.item():.4f}")


main()
