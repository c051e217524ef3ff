"""Distillation of a wide network into a narrow one."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class AverageMeter:
    def __init__(self, name):
        self.name = name
        self.reset()

    def reset(self):
        self.sum, self.count = 0.0, 0

    def update(self, val, n=1):
        self.sum += val * n  # HERE
        self.count += n

    @property
    def avg(self):
        return self.sum / max(self.count, 1)

    def __str__(self):
        return f"{self.name} {float(self.avg):.4f}"


def mlp(d, width, classes):
    return nn.Sequential(
        nn.Linear(d, width), nn.ReLU(), nn.Dropout(0.1), nn.Linear(width, classes)
    )


def data(n, d=12, classes=4):
    w = torch.randn(d, classes, generator=torch.Generator().manual_seed(99))
    x = torch.randn(n, d)
    return TensorDataset(x, (x @ w + 0.3 * torch.randn(n, classes)).argmax(1))


def fit_teacher(teacher, loader, epochs=2):
    opt = torch.optim.Adam(teacher.parameters(), lr=5e-3)
    teacher.train()
    for _ in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            F.cross_entropy(teacher(x), y).backward()
            opt.step()
    return teacher.eval().requires_grad_(False)


def kd_loss(s, t, T):
    return (
        F.kl_div(F.log_softmax(s / T, 1), F.softmax(t / T, 1), reduction="batchmean")
        * T
        * T
    )


def distill(student, teacher, loader, optimizer, T=3.0, alpha=0.6):
    student.train()
    ce_meter, kd_meter = AverageMeter("ce"), AverageMeter("kd")
    for x, y in loader:
        with torch.no_grad():
            target = teacher(x)
        out = student(x)
        ce, kd = F.cross_entropy(out, y), kd_loss(out, target, T)
        loss = alpha * kd + (1 - alpha) * ce
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ce_meter.update(ce, len(x))  # HERE
        kd_meter.update(kd, len(x))  # HERE
    return ce_meter, kd_meter


torch.manual_seed(77)
train_loader, val = DataLoader(data(320), 32, shuffle=True), data(100)
teacher = fit_teacher(mlp(12, 64, 4), train_loader)
student = mlp(12, 12, 4)
optimizer = torch.optim.AdamW(student.parameters(), lr=5e-3)
for epoch in range(3):
    meters = distill(student, teacher, train_loader, optimizer)
    student.eval()
    with torch.no_grad():
        acc = (
            (student(val.tensors[0]).argmax(1) == val.tensors[1]).float().mean().item()
        )
    print(epoch, *meters, f"val acc {acc:.3f}")
