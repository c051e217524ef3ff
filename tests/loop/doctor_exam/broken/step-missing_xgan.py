import torch
from torch import nn

NOISE = 4


def make_generator():
    return nn.Sequential(nn.Linear(NOISE, 16), nn.ReLU(), nn.Linear(16, 2))


def make_critic():
    return nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))


def real_batch(n):
    angle = torch.rand(n) * 6.2832
    return torch.stack([angle.cos(), angle.sin()], dim=1) + 2.0


class Trainer:
    def __init__(self):
        self.gen, self.disc = make_generator(), make_critic()
        self.opt_g = torch.optim.Adam(self.gen.parameters(), lr=2e-3, betas=(0.5, 0.99))
        self.opt_d = torch.optim.Adam(
            self.disc.parameters(), lr=2e-3, betas=(0.5, 0.99)
        )
        self.bce = nn.BCEWithLogitsLoss()

    def disc_turn(self, real):
        fake = self.gen(torch.randn(len(real), NOISE)).detach()
        self.opt_d.zero_grad()
        loss = self.bce(self.disc(real), torch.ones(len(real), 1))
        loss = loss + self.bce(self.disc(fake), torch.zeros(len(real), 1))
        loss.backward()
        self.opt_d.step()
        return loss.item()

    def gen_turn(self, n):
        self.opt_g.zero_grad()
        fake = self.gen(torch.randn(n, NOISE))
        loss = self.bce(self.disc(fake), torch.ones(n, 1))
        loss.backward()  # HERE
        self.opt_g.step  # HERE
        return loss.item()


if __name__ == "__main__":
    torch.manual_seed(0)
    trainer = Trainer()
    for it in range(60):
        d = trainer.disc_turn(real_batch(32))
        g = trainer.gen_turn(32)
        if it % 15 == 14:
            print(f"[{it + 1:3d}] D {d:.3f}  G {g:.3f}")
