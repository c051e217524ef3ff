import torch
from torch import nn


def accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


def main(epochs=20):
    torch.manual_seed(0)
    x = torch.randn(500, 10)
    y = (x[:, 0] * x[:, 1] + 0.5 * x[:, 2] > 0).long()
    model = nn.Sequential(nn.Linear(10, 40), nn.ReLU(), nn.Linear(40, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(  # HERE
        optimizer, factor=0.5, patience=1
    )
    for epoch in range(epochs):
        model.train()
        for idx in torch.randperm(400).split(50):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            loss.backward()
            optimizer.step()
        score = accuracy(model, x[400:], y[400:])
        scheduler.step(score)  # HERE
        lr = optimizer.param_groups[0]["lr"]
        print(
            f"epoch {epoch:2d} loss {loss.item():.4f} val acc {score:.3f} lr {lr:.6f}"
        )


main()
