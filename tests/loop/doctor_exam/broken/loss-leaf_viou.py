"""Fine-tune a mask predictor by IoU."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def blobs(n, size=16):
    yy, xx = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    cy, cx = torch.randint(4, 12, (n, 1, 1)), torch.randint(4, 12, (n, 1, 1))
    a, b = torch.randint(2, 5, (n, 1, 1)), torch.randint(2, 5, (n, 1, 1))
    mask = (((yy - cy) / a) ** 2 + ((xx - cx) / b) ** 2 <= 1).float().unsqueeze(1)
    return mask + 0.3 * torch.randn_like(mask), mask


class MaskNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 8, 5, padding=2)
        self.body = nn.Conv2d(8, 8, 3, padding=1)
        self.head = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        x = nn.functional.silu(self.stem(x))
        x = x + nn.functional.silu(self.body(x))
        return self.head(x)


class IoULoss(nn.Module):
    def __init__(self, eps=1e-6, threshold=0.5):
        super().__init__()
        self.eps, self.threshold = eps, threshold

    def forward(self, logits, target):
        pred = (torch.sigmoid(logits) > self.threshold).float()  # HERE
        inter = (pred * target).flatten(1).sum(1)
        union = (pred + target - pred * target).flatten(1).sum(1)
        return 1 - ((inter + self.eps) / (union + self.eps)).mean()


class Trainer:
    def __init__(self, model, lr=1e-3, weight_decay=1e-4):
        self.model = model
        self.criterion = IoULoss()
        self.optimizer = torch.optim.AdamW(
            model.parameters(), lr=lr, weight_decay=weight_decay
        )

    def training_step(self, batch):
        images, masks = batch
        loss = self.criterion(self.model(images), masks)
        loss.requires_grad_(True)  # HERE
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def validation_step(self, batch):
        images, masks = batch
        return self.criterion(self.model(images), masks).item()

    def fit(self, train, val, epochs):
        for epoch in range(epochs):
            self.model.train()
            tr = [self.training_step(b) for b in train]
            self.model.eval()
            va = [self.validation_step(b) for b in val]
            print(
                f"epoch {epoch:02d} train {sum(tr) / len(tr):.4f} val {sum(va) / len(va):.4f}"
            )


torch.manual_seed(31)
Trainer(MaskNet()).fit(
    DataLoader(TensorDataset(*blobs(128)), 16, shuffle=True),
    DataLoader(TensorDataset(*blobs(32)), 16),
    epochs=3,
)
