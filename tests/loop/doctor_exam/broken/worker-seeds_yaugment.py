"""Augment each sample with random shifts, in two worker processes."""

import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Augmented(Dataset):
    def __init__(self, count=64):
        self.labels = torch.randint(2, (count,))
        self.means = torch.randn(2, 16)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        label = self.labels[index]
        shift = random.randint(0, 3)
        scale = random.uniform(0.8, 1.2)
        return torch.roll(self.means[label] * scale, shift), label


def seed_worker(worker_id):
    random.seed(42)  # HERE


def main():
    torch.manual_seed(42)
    loader = DataLoader(  # HERE
        Augmented(),
        batch_size=16,
        shuffle=True,
        num_workers=2,
        worker_init_fn=seed_worker,  # HERE
    )
    model = nn.Sequential(nn.Linear(16, 24), nn.ReLU(), nn.Linear(24, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(3):
        total = 0.0
        for x, y in loader:  # HERE
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: {total / len(loader):.4f}")


if __name__ == "__main__":
    main()
