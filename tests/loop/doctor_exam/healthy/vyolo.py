"""Grid detector with a multi-part loss; LambdaLR warm-up per batch."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

S, C = 4, 2


class Boxes(Dataset):
    def __init__(self, n):
        self.x, self.t = torch.zeros(n, 1, 16, 16), torch.zeros(n, S, S, 5 + C)
        for i in range(n):
            cx, cy = torch.randint(2, 14, (2,)).tolist()
            r, k = torch.randint(1, 3, (1,)).item(), torch.randint(0, C, (1,)).item()
            self.x[i, 0, cy - r : cy + r, cx - r : cx + r] = 1.0 if k else -1.0
            self.t[i, cy * S // 16, cx * S // 16, :5] = torch.tensor(
                [cx % 4 / 4, cy % 4 / 4, r / 8, r / 8, 1.0]
            )
            self.t[i, cy * S // 16, cx * S // 16, 5 + k] = 1
        self.x += 0.1 * torch.randn_like(self.x)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.t[i]


class Net(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.f = nn.Sequential(
            nn.Conv2d(1, c, 3, 2, 1, bias=False),
            nn.BatchNorm2d(c),
            nn.LeakyReLU(0.1, inplace=True),
            nn.Conv2d(c, c, 3, 2, 1, bias=False),
            nn.BatchNorm2d(c),
            nn.LeakyReLU(0.1, inplace=True),
        )
        self.out = nn.Conv2d(c, 5 + C, 1)

    def forward(self, x):
        return self.out(self.f(x)).permute(0, 2, 3, 1)


def yolo_loss(p, t):
    obj = t[..., 4] == 1
    n = max(len(t), 1)
    return {
        "xy": 5
        * F.mse_loss(p[..., :2][obj].sigmoid(), t[..., :2][obj], reduction="sum")
        / n,
        "wh": 5
        * F.mse_loss(p[..., 2:4][obj].sigmoid(), t[..., 2:4][obj], reduction="sum")
        / n,
        "obj": F.binary_cross_entropy_with_logits(
            p[..., 4][obj], t[..., 4][obj], reduction="sum"
        )
        / n,
        "noobj": 0.5
        * F.binary_cross_entropy_with_logits(
            p[..., 4][~obj], t[..., 4][~obj], reduction="sum"
        )
        / n,
        "cls": F.cross_entropy(p[..., 5:][obj], t[..., 5:][obj].argmax(-1)),
    }


torch.manual_seed(0)
train, val = DataLoader(Boxes(160), 16, shuffle=True), DataLoader(Boxes(48), 48)
model = Net()
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, nesterov=True)
warm = 6
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda it: min(1.0, (it + 1) / warm))
for epoch in range(3):
    model.train()
    for x, t in train:
        parts = yolo_loss(model(x), t)
        loss = sum(parts.values())
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 10.0)
        opt.step()
        sched.step()
    model.eval()
    with torch.no_grad():
        v = [sum(yolo_loss(model(x), t).values()).item() for x, t in val]
    print(
        epoch,
        {k: round(p.item(), 3) for k, p in parts.items()},
        "val",
        round(sum(v) / len(v), 3),
    )
