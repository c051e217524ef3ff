import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
vgg = nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1), nn.ReLU()
).eval()
for p in vgg.parameters():
    p.requires_grad_(False)


def gram(f):
    b, c, h, w = f.shape
    f = f.view(b * c, h * w)
    return f @ f.t() / (b * c * h * w)


content, style = torch.rand(1, 3, 12, 12), torch.rand(1, 3, 12, 12)
content_f, style_g = vgg(content), gram(vgg(style))
img = content.clone().requires_grad_(True)
optimizer = torch.optim.Adam([img], lr=0.02)
for step in range(40):
    optimizer.zero_grad()
    f = vgg(img)
    loss = F.mse_loss(f, content_f) + 1e3 * F.mse_loss(gram(f), style_g)
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        img.clamp_(0, 1)
    if step % 10 == 0:
        print(step, loss.item())
