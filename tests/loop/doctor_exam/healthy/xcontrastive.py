import torch
import torch.nn.functional as F
from torch import nn


class Projector(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 8))

    def forward(self, x):
        return F.normalize(self.encoder(x), dim=1)


def info_nce(a, b, temperature=0.2):
    logits = a @ b.t() / temperature
    labels = torch.arange(len(a))
    return 0.5 * (F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels))


def augment(x):
    return x + 0.2 * torch.randn_like(x)


if __name__ == "__main__":
    torch.manual_seed(0)
    data = torch.randn(320, 10)
    model = Projector()
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in model.parameters() if p.ndim > 1]},
            {
                "params": [p for p in model.parameters() if p.ndim == 1],
                "weight_decay": 0,
            },
        ],
        lr=5e-3,
        weight_decay=1e-3,
    )
    loader = torch.utils.data.DataLoader(
        data, batch_size=32, shuffle=True, drop_last=True
    )
    for epoch in range(6):
        total = 0.0
        for x in loader:
            loss = info_nce(model(augment(x)), model(augment(x)))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch} {total / len(loader):.4f}")
