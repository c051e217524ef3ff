import torch
from torch import nn


def main():
    torch.manual_seed(0)
    x = torch.randn(321, 8)
    y = (x[:, 0] > 0).long()
    dataset = torch.utils.data.TensorDataset(x, y)
    loader = torch.utils.data.DataLoader(dataset, batch_size=16, shuffle=True)  # HERE
    model = nn.Sequential(
        nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for epoch in range(3):
        model.train()
        for i, (xb, yb) in enumerate(loader):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(xb), yb)  # HERE
            loss.backward()
            optimizer.step()
            if i % 10 == 0:
                print(epoch, i, loss.item())


main()
