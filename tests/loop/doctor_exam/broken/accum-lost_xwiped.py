import torch
from torch import nn


def train(model, chunks, optimizer, accumulation=4):
    model.train()
    for i, (x, y) in enumerate(chunks):
        optimizer.zero_grad()  # HERE
        loss = nn.functional.mse_loss(model(x), y) / accumulation
        loss.backward()
        if (i + 1) % accumulation == 0:
            optimizer.step()
    return loss.item() * accumulation


def main():
    torch.manual_seed(0)
    x = torch.linspace(-3, 3, 480).unsqueeze(1)
    y = torch.sin(2 * x)
    model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(6):
        order = torch.randperm(480)
        chunks = [(x[idx], y[idx]) for idx in order.split(12)]
        print(f"epoch {epoch}: {train(model, chunks, optimizer):.4f}")


main()
