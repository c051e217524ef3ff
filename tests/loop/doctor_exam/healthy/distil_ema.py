# mean teacher: the teacher is the average of the student, and labels what has no label
import copy

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
X = torch.randn(256, 8)
y = (X[:, 0] > 0).long()
student = nn.Sequential(
    nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2)
)
teacher = copy.deepcopy(student)
for p in teacher.parameters():
    p.requires_grad_(False)
opt = torch.optim.Adam(student.parameters(), lr=5e-3)


@torch.no_grad()
def update_teacher(decay):
    for t, s in zip(teacher.parameters(), student.parameters()):
        t.mul_(decay).add_(s, alpha=1 - decay)
    for t, s in zip(teacher.buffers(), student.buffers()):
        t.copy_(s)


step = 0
for epoch in range(8):
    student.train(), teacher.train()
    for i in range(0, 192, 32):
        xb = X[i : i + 32]
        labelled = slice(0, 8)
        out = student(xb + 0.1 * torch.randn_like(xb))
        with torch.no_grad():
            soft = teacher(xb + 0.1 * torch.randn_like(xb)).softmax(-1)
        loss = F.cross_entropy(out[labelled], y[i : i + 32][labelled])
        loss = loss + F.mse_loss(out.softmax(-1), soft)
        opt.zero_grad()
        loss.backward()
        opt.step()
        step += 1
        update_teacher(min(1 - 1 / (step + 1), 0.95))
student.eval(), teacher.eval()
with torch.no_grad():
    print((teacher(X[192:]).argmax(-1) == y[192:]).float().mean().item())
