"""Classify pictures that lie in one folder for each class."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class FolderDataset(Dataset):
    def __init__(self, classes=4, per_class=48):
        self.samples = []
        for label in range(classes):
            mean = torch.randn(36)
            for _ in range(per_class):
                self.samples.append((mean + torch.randn(36), label))

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        return self.samples[index]


def train(model, loader, epochs=6, lr=0.05):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        losses = []
        for images, labels in loader:  # HERE
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            losses.append(f"{loss.item():.2f}")
        print(f"epoch {epoch}:", " ".join(losses))


torch.manual_seed(0)
dataset = FolderDataset()
loader = DataLoader(dataset, batch_size=16)  # HERE
train(nn.Sequential(nn.Linear(36, 48), nn.ReLU(), nn.Linear(48, 4)), loader)
