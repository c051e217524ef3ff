"""Item embeddings with a running centre that pulls embeddings together (centre loss style)."""

import logging

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

logging.basicConfig(
    level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
)


class ItemModel(nn.Module):
    def __init__(self, items=60, dim=12, classes=5, momentum=0.9):
        super().__init__()
        self.items = nn.Embedding(items, dim)
        self.classifier = nn.Linear(dim, classes)
        self.momentum = momentum
        self.centre = torch.zeros(dim)

    def forward(self, idx):
        emb = self.items(idx)
        self.centre = self.momentum * self.centre + (1 - self.momentum) * emb.mean(
            0
        )  # HERE
        return emb, self.classifier(emb)


def objective(model, idx, y, weight=0.05):
    emb, logits = model(idx)
    pull = (emb - model.centre).pow(2).sum(1).mean()
    return F.cross_entropy(logits, y) + weight * pull


def train(model, loader, optimizer):
    model.train()
    losses = []
    for idx, y in loader:
        loss = objective(model, idx, y)
        optimizer.zero_grad()
        loss.backward(retain_graph=True)  # HERE
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def main():
    torch.manual_seed(12)
    group = torch.randint(0, 5, (60,))
    idx = torch.randint(0, 60, (480,))
    noise = torch.rand(480) < 0.1
    y = torch.where(noise, torch.randint(0, 5, (480,)), group[idx])
    loader = DataLoader(TensorDataset(idx, y), batch_size=32, shuffle=True)
    model = ItemModel()
    optimizer = torch.optim.Adagrad(model.parameters(), lr=0.1)
    for epoch in range(4):
        logging.info("epoch %d loss %.4f", epoch, train(model, loader, optimizer))
    model.eval()
    with torch.no_grad():
        acc = (
            (model.classifier(model.items.weight).argmax(1) == group)
            .float()
            .mean()
            .item()
        )
    logging.info("item accuracy %.3f", acc)


if __name__ == "__main__":
    main()
