"""The DCGAN example on 8 x 8 blobs: two backwards before D's step."""

import torch
from torch import nn, optim


def weights_init(m):
    if "Conv" in m.__class__.__name__:
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif "BatchNorm" in m.__class__.__name__:
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def blobs(count):
    line = torch.arange(8.0)
    centre = 2 + 4 * torch.rand(count, 2, 1)
    x, y = torch.exp(-((line - centre) ** 2) / 3).unbind(1)
    return 2 * (x[:, :, None] * y[:, None, :]).unsqueeze(1) - 1


netG = nn.Sequential(
    nn.ConvTranspose2d(8, 16, 4, 1, 0, bias=False),
    nn.BatchNorm2d(16),
    nn.ReLU(True),
    nn.ConvTranspose2d(16, 1, 4, 2, 1, bias=False),
    nn.Tanh(),
)
netD = nn.Sequential(
    nn.Conv2d(1, 16, 4, 2, 1, bias=False),
    nn.BatchNorm2d(16),
    nn.LeakyReLU(0.2, inplace=True),
    nn.Conv2d(16, 1, 4, 1, 0, bias=False),
    nn.Flatten(0),
)
torch.manual_seed(0)
netG.apply(weights_init)
netD.apply(weights_init)
criterion = nn.BCEWithLogitsLoss()
fixed_noise = torch.randn(32, 8, 1, 1)
optimizerD = optim.Adam(netD.parameters(), lr=2e-3, betas=(0.5, 0.999))
optimizerG = optim.Adam(netG.parameters(), lr=2e-3, betas=(0.5, 0.999))

for i in range(80):
    netD.zero_grad()
    label = torch.full((32,), 1.0)
    output = netD(blobs(32))
    errD_real = criterion(output, label)
    errD_real.backward()
    D_x = output.mean().item()

    fake = netG(torch.randn(32, 8, 1, 1))
    label.fill_(0.0)
    output = netD(fake.detach())
    errD_fake = criterion(output, label)
    errD_fake.backward()
    optimizerD.step()

    netG.zero_grad()
    label.fill_(1.0)
    output = netD(fake)
    errG = criterion(output, label)
    errG.backward()
    optimizerG.step()
    if i % 20 == 0:
        errD = (errD_real + errD_fake).item()
        print(f"[{i}/80] Loss_D {errD:.4f} Loss_G {errG.item():.4f} D(x) {D_x:.3f}")
        netG.eval()
        with torch.no_grad():
            print("  brightest", netG(fixed_noise).amax().item())
        netG.train()
