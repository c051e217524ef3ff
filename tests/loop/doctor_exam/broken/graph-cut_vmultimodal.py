# Text + image late fusion, small "model zoo" in one file
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

REGISTRY = {}


def register(name):
    def wrap(cls):
        REGISTRY[name] = cls
        return cls

    return wrap


@register("text")
class TextEncoder(nn.Module):
    def __init__(self, vocab=40, dim=16):
        super().__init__()
        self.emb = nn.EmbeddingBag(vocab, dim, mode="mean")
        self.proj = nn.Linear(dim, dim)

    def forward(self, tokens):
        return torch.tanh(self.proj(self.emb(tokens)))


@register("image")
class ImageEncoder(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 8, 3, 2, 1),
            nn.ReLU(),
            nn.Conv2d(8, 16, 3, 2, 1),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(16, dim),
        )

    def forward(self, image):
        return torch.tanh(self.net(image))


class Fusion(nn.Module):
    def __init__(self, parts=("text", "image"), dim=16, classes=3):
        super().__init__()
        self.encoders = nn.ModuleDict({p: REGISTRY[p](dim=dim) for p in parts})
        self.classifier = nn.Sequential(
            nn.LayerNorm(dim * len(parts)), nn.Linear(dim * len(parts), classes)
        )

    @torch.no_grad()  # HERE
    def encode(self, batch):
        return torch.cat([self.encoders[k](batch[k]) for k in self.encoders], dim=1)

    def forward(self, batch):
        return self.classifier(self.encode(batch))


def make(n):
    y = torch.randint(0, 3, (n,))
    tokens = torch.randint(0, 40, (n, 6))
    tokens[:, 0] = y * 2 + torch.randint(0, 2, (n,))
    image = torch.randn(n, 1, 8, 8) * 0.5
    image[torch.arange(n), 0, y * 2, :] += 1.0
    return TensorDataset(tokens, image, y)


def run_epoch(model, loader, optimizer=None):
    training = optimizer is not None
    model.train(training)
    total, hits, n = 0.0, 0, 0
    with torch.set_grad_enabled(training):
        for tokens, image, y in loader:
            logits = model({"text": tokens, "image": image})
            loss = F.cross_entropy(logits, y)
            if training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item() * len(y)
            hits += (logits.argmax(1) == y).sum().item()
            n += len(y)
    return total / n, hits / n


if __name__ == "__main__":
    torch.manual_seed(4)
    train_dl = DataLoader(make(240), 24, shuffle=True)
    valid_dl = DataLoader(make(80), 40)
    model = Fusion()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    for e in range(4):
        print(
            e,
            "train %.3f %.3f" % run_epoch(model, train_dl, opt),
            "valid %.3f %.3f" % run_epoch(model, valid_dl),
        )
