import copy

import torch
from torch import nn


def evaluate(model, x, y):
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        value = nn.functional.cross_entropy(model(x), y).item()
    model.train(was_training)
    return value


def main():
    torch.manual_seed(0)
    x = torch.randn(400, 6)
    y = (x[:, 0] - x[:, 1] > 0).long()
    model = nn.Sequential(
        nn.Linear(6, 32),
        nn.BatchNorm1d(32),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(32, 2),
    )
    groups = [
        {"params": model[0].parameters(), "lr": 0.0},
        {"params": [p for layer in model[1:] for p in layer.parameters()]},
    ]
    optimizer = torch.optim.SGD(groups, lr=0.1, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=2)
    best, best_state = float("inf"), None
    model.train()
    for epoch in range(8):
        for idx in torch.randperm(320).split(40):
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        val = evaluate(model, x[320:], y[320:])
        scheduler.step(val)
        if val < best:
            best, best_state = val, copy.deepcopy(model.state_dict())
        if epoch == 3:
            optimizer.param_groups[0]["lr"] = 0.02
        print(f"epoch {epoch} train {loss.item():.4f} val {val:.4f}")
    model.load_state_dict(best_state)
    print("best", round(evaluate(model, x[320:], y[320:]), 4))


main()
