"""Sentiment of made-up reviews: a bag of words with dropout."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def reviews(count, words=60, length=15):
    labels = torch.randint(2, (count,))
    tokens = torch.randint(words, (count, length))
    tokens[:, :4] = torch.randint(10, (count, 4)) + 10 * labels[:, None]
    return TensorDataset(tokens, labels)


class BagOfWords(nn.Module):
    def __init__(self, words=60, width=24):
        super().__init__()
        self.embedding = nn.EmbeddingBag(words, width)
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(width, 2)

    def forward(self, tokens):
        return self.fc(self.dropout(self.embedding(tokens)))


def train_epoch(model, loader, optimizer, criterion):
    model.train()
    for tokens, labels in loader:
        optimizer.zero_grad()
        criterion(model(tokens), labels).backward()
        optimizer.step()


def test(model, loader, criterion):
    loss = correct = 0
    with torch.no_grad():
        for tokens, labels in loader:
            output = model(tokens)  # HERE
            loss += criterion(output, labels).item() * len(labels)
            correct += (output.argmax(1) == labels).sum().item()
    return loss / len(loader.dataset), correct / len(loader.dataset)


torch.manual_seed(0)
train_loader = DataLoader(reviews(256), batch_size=32, shuffle=True)
test_loader = DataLoader(reviews(128), batch_size=64)
model, criterion = BagOfWords(), nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(6):
    train_epoch(model, train_loader, optimizer, criterion)
    loss, accuracy = test(model, test_loader, criterion)  # HERE
    print(f"epoch {epoch}: test loss {loss:.4f} accuracy {accuracy:.3f}")
