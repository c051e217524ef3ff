import argparse

import torch
from torch import nn


def get_args(argv=None):
    p = argparse.ArgumentParser()
    p.add_argument("--accumulate", type=int, default=8)
    p.add_argument("--micro-batch", type=int, default=8)
    p.add_argument("--lr", type=float, default=0.05)
    return p.parse_args(argv)


def main():
    args = get_args()
    torch.manual_seed(0)
    x = torch.randn(512, 9)
    y = (x @ torch.randn(9, 4)).argmax(1)
    data = torch.utils.data.TensorDataset(x, y)
    loader = torch.utils.data.DataLoader(data, args.micro_batch, shuffle=True)
    model = nn.Sequential(nn.Linear(9, 32), nn.ReLU(), nn.Linear(32, 4))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
    optimizer.zero_grad()
    for epoch in range(4):
        for i, (xb, yb) in enumerate(loader, 1):
            loss = criterion(model(xb), yb)  # HERE
            loss.backward()  # HERE
            if i % args.accumulate == 0:
                optimizer.step()
                optimizer.zero_grad()
        print(f"epoch {epoch} loss {loss.item():.4f}")


main()
