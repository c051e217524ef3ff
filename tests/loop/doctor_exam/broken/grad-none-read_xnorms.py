import torch
from torch import nn


def log_norms(model, history):
    for name, p in model.named_parameters():
        history.setdefault(name, []).append(p.grad.norm().item())  # HERE


def main():
    torch.manual_seed(0)
    x = torch.randn(128, 5)
    y = x.sin().sum(1, keepdim=True)
    model = nn.Sequential(nn.Linear(5, 16), nn.GELU(), nn.Linear(16, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    history = {}
    for step in range(50):
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()  # HERE
        if step % 5 == 4:
            print(step + 1, loss.item())
        if step >= 20:
            log_norms(model, history)
    print({k: v[-1] for k, v in history.items()})


main()
