"""CLIP-like contrastive pairing with a learnable logit scale and offset."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Tower(nn.Module):
    def __init__(self, d, dim):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(d, 32), nn.GELU(), nn.Linear(32, dim))

    def forward(self, x):
        return F.normalize(self.net(x), dim=-1)


class PairModel(nn.Module):
    def __init__(self, d_text=12, d_image=20, dim=16):
        super().__init__()
        self.text, self.image = Tower(d_text, dim), Tower(d_image, dim)
        self.prompt = torch.zeros(d_text, requires_grad=True)  # HERE
        self.log_scale = nn.Parameter(torch.tensor(1.5))

    def forward(self, text, image):
        t, v = self.text(text + self.prompt), self.image(image)
        return self.log_scale.exp().clamp(max=50) * t @ v.t()


def clip_loss(logits):
    target = torch.arange(len(logits))
    return 0.5 * (F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target))


def pairs(n, mix):
    latent = torch.randn(n, 6)
    text = torch.cat([latent, 0.3 * torch.randn(n, 6)], 1) + 1.5
    return TensorDataset(text, latent @ mix + 0.1 * torch.randn(n, 20))


def train_one_epoch(model, loader, optimizer, scheduler):
    model.train()
    total = 0.0
    for text, image in loader:
        loss = clip_loss(model(text, image))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        scheduler.step()
        total += loss.item()
    return total / len(loader)


@torch.no_grad()
def recall_at_1(model, loader):
    model.eval()
    hits = [
        (model(t, v).argmax(1) == torch.arange(len(t))).float().mean().item()
        for t, v in loader
    ]
    return sum(hits) / len(hits)


def main(epochs=5, lr=5e-3):
    torch.manual_seed(16)
    mix = torch.randn(6, 20)
    train = DataLoader(pairs(256, mix), batch_size=32, shuffle=True, drop_last=True)
    valid = DataLoader(pairs(64, mix), batch_size=32)
    model = PairModel()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, betas=(0.9, 0.98))
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=lr, total_steps=epochs * len(train)
    )
    for epoch in range(epochs):
        loss = train_one_epoch(model, train, optimizer, scheduler)
        print(f"epoch {epoch} loss {loss:.4f} recall@1 {recall_at_1(model, valid):.3f}")


main()
