"""Continue the training of a saved network on new data."""

import io

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def build():
    return nn.Sequential(
        nn.Linear(12, 48),
        nn.BatchNorm1d(48),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(48, 3),
    )


def save(model):
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    file.seek(0)
    return file


def load_model(file):
    model = build()
    model.load_state_dict(torch.load(file))
    model.eval()  # HERE
    return model


def finetune(model, loader, epochs=5):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        total = 0.0
        for x, y in loader:
            loss = criterion(model(x), y)  # HERE
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: {total / len(loader):.4f}")


torch.manual_seed(0)
means = torch.randn(3, 12)
labels = torch.randint(3, (192,))
data = TensorDataset(means[labels] + torch.randn(192, 12), labels)
model = load_model(save(build()))
finetune(model, DataLoader(data, batch_size=32, shuffle=True))
