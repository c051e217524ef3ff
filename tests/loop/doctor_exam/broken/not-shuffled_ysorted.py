"""Tell the species of trees from eight measurements."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def read_table(species=5, rows=60):
    features, labels = [], []
    for kind in range(species):
        features.append(torch.randn(rows, 8) + 1.5 * torch.randn(8))
        labels.append(torch.full((rows,), kind))
    return torch.cat(features), torch.cat(labels)


def get_loaders(batch_size):
    features, labels = read_table()
    held_out = torch.arange(len(labels)) % 6 == 0
    train = TensorDataset(features[~held_out], labels[~held_out])
    valid = TensorDataset(features[held_out], labels[held_out])
    train_loader = DataLoader(train, batch_size=batch_size, shuffle=False)  # HERE
    return train_loader, DataLoader(valid, batch_size=50)


def main():
    torch.manual_seed(0)
    train_loader, valid_loader = get_loaders(25)
    model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 5))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(6):
        model.train()
        for x, y in train_loader:  # HERE
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            hits = [(model(x).argmax(1) == y).float().mean() for x, y in valid_loader]
        print(f"epoch {epoch}: validation accuracy {hits[0].item():.3f}")


main()
