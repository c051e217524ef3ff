"""Accumulation with a partial last group, bfloat16 autocast and an EMA."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, TensorDataset

ACCUM = 4


def make_data(n=296):
    x = torch.randn(n, 12)
    y = (x[:, :4].sum(1) > 0).long() + (x[:, 4:8].sum(1) > 1).long()
    return TensorDataset(x, y)


def group_sizes(batches):
    full, rest = divmod(batches, ACCUM)
    return [ACCUM] * full + ([rest] if rest else [])


torch.manual_seed(0)
loader = DataLoader(make_data(), batch_size=16, shuffle=True, drop_last=True)
model = nn.Sequential(
    nn.Linear(12, 48), nn.LayerNorm(48), nn.GELU(), nn.Dropout(0.1), nn.Linear(48, 3)
)
decay = [p for p in model.parameters() if p.ndim > 1]
no_decay = [p for p in model.parameters() if p.ndim <= 1]
optimizer = torch.optim.AdamW(
    [{"params": decay, "weight_decay": 0.01}, {"params": no_decay, "weight_decay": 0}],
    lr=3e-3,
)
scaler = torch.amp.GradScaler("cpu", enabled=False)
ema = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))

model.train()
for epoch in range(3):
    sizes = [size for size in group_sizes(len(loader)) for _ in range(size)]
    running = 0.0
    for i, (x, y) in enumerate(loader):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(x)
        loss = F.cross_entropy(logits.float(), y)
        scaler.scale(loss / sizes[i]).backward()
        running += loss.item()
        if (i + 1) % ACCUM == 0 or (i + 1) == len(loader):
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad(set_to_none=True)
            ema.update_parameters(model)
    print(f"epoch {epoch} loss {running / len(loader):.4f}")

ema.eval()
with torch.no_grad():
    x, y = make_data().tensors
    print("ema accuracy", (ema(x).argmax(1) == y).float().mean().item())
