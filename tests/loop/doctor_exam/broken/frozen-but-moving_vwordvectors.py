"""Sentence classifier over given word vectors."""

import logging

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

logging.basicConfig(level=logging.INFO, format="%(message)s")


class SentenceCNN(nn.Module):
    def __init__(self, vectors, classes=3, filters=12):
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(vectors, freeze=False)
        self.convs = nn.ModuleList(
            nn.Conv1d(vectors.size(1), filters, k, padding=k // 2) for k in (1, 3)
        )
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(2 * filters, classes)

    def forward(self, tokens):
        e = self.embedding(tokens).transpose(1, 2)
        h = torch.cat([torch.relu(c(e)).amax(2) for c in self.convs], 1)
        return self.fc(self.dropout(h))


def sentences(n, vocab=50, length=10):
    y = torch.randint(0, 3, (n,))
    tokens = torch.randint(15, vocab, (n, length))
    where = torch.randint(0, length, (n,))
    tokens[torch.arange(n), where] = y * 5 + torch.randint(0, 5, (n,))
    return TensorDataset(tokens, y)


def keep_fixed(weight):
    weight.register_hook(torch.zeros_like)  # HERE


def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    total = 0.0
    for tokens, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(tokens), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
    return total / len(loader.dataset)


@torch.no_grad()
def validate(model, loader):
    model.eval()
    return sum((model(t).argmax(1) == y).sum().item() for t, y in loader) / len(
        loader.dataset
    )


def main():
    torch.manual_seed(25)
    vectors = torch.randn(50, 16)
    train = DataLoader(sentences(256), batch_size=32, shuffle=True)
    valid = DataLoader(sentences(64), batch_size=64)
    model = SentenceCNN(vectors.clone())
    keep_fixed(model.embedding.weight)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=0.1)  # HERE
    criterion = nn.CrossEntropyLoss()
    for epoch in range(4):
        loss = train_one_epoch(model, train, criterion, optimizer)
        logging.info(
            "epoch %d loss %.4f valid %.3f", epoch, loss, validate(model, valid)
        )


if __name__ == "__main__":
    main()
