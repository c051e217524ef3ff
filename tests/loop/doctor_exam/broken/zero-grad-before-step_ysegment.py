"""Find bright discs in noisy pictures, pixel by pixel."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_discs(count, size=24):
    grid = torch.arange(size).float()
    ys, xs = torch.meshgrid(grid, grid, indexing="ij")
    centres = torch.randint(6, size - 6, (count, 2, 1, 1)).float()
    radii = torch.randint(3, 6, (count, 1, 1)).float()
    distance = (ys - centres[:, 0]) ** 2 + (xs - centres[:, 1]) ** 2
    masks = (distance < radii**2).float().unsqueeze(1)
    return masks + 0.5 * torch.randn_like(masks), masks


class TinyUNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 8, 3, padding=1)
        self.middle = nn.Conv2d(8, 16, 3, padding=1)
        self.up = nn.Conv2d(24, 8, 3, padding=1)
        self.head = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        skip = F.relu(self.down(x))
        middle = F.relu(self.middle(F.max_pool2d(skip, 2)))
        middle = F.interpolate(middle, scale_factor=2)
        return self.head(F.relu(self.up(torch.cat([skip, middle], 1))))


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def update(self, loss):
        loss.backward()
        self.optimizer.zero_grad()  # HERE
        self.optimizer.step()  # HERE

    def fit(self, loader, epochs):
        for epoch in range(epochs):
            total = 0.0
            for image, mask in loader:
                loss = F.binary_cross_entropy_with_logits(self.model(image), mask)
                self.update(loss)
                total += loss.item()
            print(f"epoch {epoch + 1}: {total / len(loader):.4f}")


torch.manual_seed(0)
images, masks = make_discs(64)
loader = DataLoader(TensorDataset(images, masks), batch_size=16, shuffle=True)
Trainer(TinyUNet(), lr=1e-2).fit(loader, epochs=4)
