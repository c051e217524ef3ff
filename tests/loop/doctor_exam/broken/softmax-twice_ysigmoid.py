"""Several tags for one document: multi-label classification."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Tagger(nn.Module):
    def __init__(self, words=50, tags=6):
        super().__init__()
        self.hidden = nn.Linear(words, 40)
        self.tags = nn.Linear(40, tags)

    def forward(self, counts):
        h = torch.relu(self.hidden(counts))
        return torch.sigmoid(self.tags(h))  # HERE


def documents(count=320):
    tags = (torch.rand(count, 6) < 0.3).float()
    topics = torch.rand(6, 50) * (torch.rand(6, 50) < 0.2) * 6
    return TensorDataset(torch.poisson(tags @ topics + 0.1), tags)


def fit(model, loader, epochs=6):
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(epochs):
        total = right = 0.0
        for counts, tags in loader:
            optimizer.zero_grad()
            output = model(counts)
            loss = criterion(output, tags)  # HERE
            loss.backward()
            optimizer.step()
            total += loss.item()
            right += ((output > 0.5) == tags.bool()).float().mean().item()
        n = len(loader)
        print(f"epoch {epoch}: loss {total / n:.4f} tags right {right / n:.3f}")


torch.manual_seed(0)
fit(Tagger(), DataLoader(documents(), batch_size=32, shuffle=True))
