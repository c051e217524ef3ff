"""Distillation: log_softmax before kl_div, the teacher in eval mode under no_grad."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
means = torch.randn(6, 20)
labels = torch.randint(6, (384,))
x = means[labels] + torch.randn(384, 20)
loader = DataLoader(TensorDataset(x, labels), batch_size=32, shuffle=True)


def mlp(hidden, dropout):
    return nn.Sequential(
        nn.Linear(20, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, 6)
    )


def fit(model, epochs, loss_of):
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    model.train()
    for epoch in range(epochs):
        total = 0.0
        for features, target in loader:
            optimizer.zero_grad()
            loss = loss_of(model(features), features, target)
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: {total / len(loader):.4f}")


teacher, student = mlp(64, 0.2), mlp(12, 0.0)
fit(teacher, 4, lambda out, features, target: F.cross_entropy(out, target))
teacher.eval()


def distillation(out, features, target, temperature=3.0):
    with torch.no_grad():
        soft = F.softmax(teacher(features) / temperature, dim=1)
    log_probs = F.log_softmax(out / temperature, dim=1)
    soft_loss = F.kl_div(log_probs, soft, reduction="batchmean") * temperature**2
    return 0.7 * soft_loss + 0.3 * F.cross_entropy(F.log_softmax(out, dim=1), target)


fit(student, 5, distillation)
