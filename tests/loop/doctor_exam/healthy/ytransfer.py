"""Neural style, small: the picture is the parameter, the network stays fixed."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
features = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU())
features.eval()
for p in features.parameters():
    p.requires_grad_(False)


def gram(x):
    flat = x.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.size(2)


content, style = torch.rand(1, 1, 16, 16), torch.rand(1, 1, 16, 16).round()
content_target = features(content).detach()
style_target = gram(features(style)).detach()
picture = content.clone().requires_grad_(True)
optimizer = torch.optim.LBFGS([picture], lr=0.5)
run = [0]
while run[0] <= 60:

    def closure():
        with torch.no_grad():
            picture.clamp_(0, 1)
        optimizer.zero_grad()
        out = features(picture)
        style_score = 1e3 * F.mse_loss(gram(out), style_target)
        content_score = F.mse_loss(out, content_target)
        loss = style_score + content_score
        loss.backward()
        run[0] += 1
        if run[0] % 20 == 1:
            print(f"run {run[0]}: {style_score.item():.4f} {content_score.item():.4f}")
        return loss

    optimizer.step(closure)
with torch.no_grad():
    picture.clamp_(0, 1)
