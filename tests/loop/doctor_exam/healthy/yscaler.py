"""Half precision with a loss scaler; the first steps overflow and are skipped."""

import torch
from torch import nn

torch.manual_seed(0)
mixing = torch.randn(16, 4)
model = nn.Sequential(nn.Linear(16, 32), nn.Tanh(), nn.Linear(32, 4))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=120)
scaler = torch.amp.GradScaler("cpu", init_scale=2.0**24)
for step in range(120):
    x = torch.randn(64, 16)
    with torch.autocast("cpu", dtype=torch.float16):
        loss = nn.functional.mse_loss(model(x).float(), torch.tanh(x @ mixing / 4))
    optimizer.zero_grad()
    scaler.scale(loss).backward()
    scale = scaler.get_scale()
    scaler.step(optimizer)
    scaler.update()
    if scaler.get_scale() >= scale:
        scheduler.step()
    if step % 30 == 0:
        print(f"{step}: loss {loss.item():.4f} scale {scale:.0f}")
