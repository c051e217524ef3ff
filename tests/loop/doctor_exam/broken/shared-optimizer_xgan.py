import itertools

import torch
from torch import nn

torch.manual_seed(0)
latent, batch_size = 3, 32

generator = nn.Sequential(nn.Linear(latent, 20), nn.ReLU(), nn.Linear(20, 1))
discriminator = nn.Sequential(nn.Linear(1, 20), nn.LeakyReLU(0.2), nn.Linear(20, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(  # HERE
    itertools.chain(generator.parameters(), discriminator.parameters()),  # HERE
    lr=1e-3,
)
ones, zeros = torch.ones(batch_size, 1), torch.zeros(batch_size, 1)

for iteration in range(80):
    real = torch.randn(batch_size, 1) * 0.5 + 4
    fake = generator(torch.randn(batch_size, latent))

    optimizer.zero_grad()
    loss_d = criterion(discriminator(real), ones)
    loss_d = loss_d + criterion(discriminator(fake), zeros)
    loss_d.backward()
    optimizer.step()  # HERE

    fake = generator(torch.randn(batch_size, latent))
    optimizer.zero_grad()
    loss_g = criterion(discriminator(fake), ones)
    loss_g.backward()
    optimizer.step()  # HERE

    if iteration % 20 == 19:
        mean = fake.mean().item()
        print(f"{iteration + 1} D {loss_d:.3f} G {loss_g:.3f} mean {mean:.2f}")
