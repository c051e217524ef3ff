import torch
from torch import nn


def main(groups=4):
    torch.manual_seed(0)
    x = torch.randn(260, 6)
    y = x[:, :1] * x[:, 1:2]
    model = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.0)
    for epoch in range(8):
        parts = list(torch.randperm(260).split(13))
        for g in range(0, len(parts), groups):
            group = parts[g : g + groups]
            samples = sum(len(idx) for idx in group)
            total = 0.0
            for idx in group:
                error = nn.functional.mse_loss(model(x[idx]), y[idx], reduction="sum")
                (error / samples).backward()
                total += error.item()
            optimizer.step()
            optimizer.zero_grad()
        print(f"epoch {epoch} loss {total / samples:.4f}")


main()
