"""A small text encoder, trained with accumulated gradients."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ACCUMULATE = 4


class TextEncoder(nn.Module):
    def __init__(self, words=40, width=24, classes=3):
        super().__init__()
        self.embedding = nn.Embedding(words, width)
        self.attend = nn.Linear(width, 1)
        self.classify = nn.Sequential(
            nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, classes)
        )

    def forward(self, tokens):
        x = self.embedding(tokens)
        weights = torch.softmax(self.attend(x), dim=1)
        return self.classify((weights * x).sum(1))


def corpus(count=256):
    labels = torch.randint(3, (count,))
    tokens = torch.randint(40, (count, 10))
    tokens[:, :3] = labels[:, None] * 5 + torch.randint(5, (count, 3))
    return TensorDataset(tokens, labels)


def train(model, loader, optimizer, criterion):
    total = 0.0
    for step, (tokens, labels) in enumerate(loader):
        optimizer.zero_grad()  # HERE
        loss = criterion(model(tokens), labels) / ACCUMULATE
        loss.backward()
        total += loss.item() * ACCUMULATE
        if (step + 1) % ACCUMULATE == 0:
            optimizer.step()  # HERE
    return total / len(loader)


torch.manual_seed(0)
loader = DataLoader(corpus(), batch_size=8, shuffle=True)
model = TextEncoder()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(4):
    loss = train(model, loader, optimizer, nn.CrossEntropyLoss())
    print(f"epoch {epoch}: {loss:.4f}")
