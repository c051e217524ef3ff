"""Segment a bright square by its overlap with the true mask."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def squares(count, size=16):
    masks = torch.zeros(count, size, size, dtype=torch.long)
    for mask in masks:
        top, left = torch.randint(0, size - 6, (2,)).tolist()
        mask[top : top + 6, left : left + 6] = 1
    return masks.unsqueeze(1) + 0.4 * torch.randn(count, 1, size, size), masks


class IoULoss(nn.Module):
    def forward(self, logits, masks):
        predicted = logits.argmax(1)  # HERE
        overlap = ((predicted == 1) & (masks == 1)).sum().float()
        union = ((predicted == 1) | (masks == 1)).sum().float()
        loss = 1 - overlap / (union + 1e-6)
        return loss.requires_grad_()  # HERE


def build_model():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(8, 2, 3, padding=1),
    )


def train(model, loader, epochs=5):
    criterion = IoULoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(epochs):
        losses = []
        for images, masks in loader:
            optimizer.zero_grad()
            loss = criterion(model(images), masks)
            loss.backward()  # HERE
            optimizer.step()
            losses.append(loss.item())
        print(f"epoch {epoch}: IoU loss {sum(losses) / len(losses):.4f}")


torch.manual_seed(0)
loader = DataLoader(TensorDataset(*squares(64)), batch_size=16, shuffle=True)
train(build_model(), loader)
