import torch
from torch import nn


def gradient_penalty(critic, real, fake):
    t = torch.rand(len(real), 1)
    point = (t * real + (1 - t) * fake).requires_grad_(True)
    score = critic(point)
    (grad,) = torch.autograd.grad(
        score, point, torch.ones_like(score), create_graph=True
    )
    return (grad.norm(2, dim=1) - 1).pow(2).mean()


def main():
    torch.manual_seed(0)
    gen = nn.Sequential(nn.Linear(3, 24), nn.ReLU(), nn.Linear(24, 2))
    critic = nn.Sequential(nn.Linear(2, 24), nn.Softplus(), nn.Linear(24, 1))
    opt_g = torch.optim.Adam(gen.parameters(), lr=3e-3, betas=(0.5, 0.9))
    opt_c = torch.optim.Adam(critic.parameters(), lr=3e-3, betas=(0.5, 0.9))
    for step in range(30):
        for p in critic.parameters():
            p.requires_grad_(True)
        for _ in range(3):
            real = 0.3 * torch.randn(32, 2) + torch.tensor([1.0, 2.0])
            with torch.no_grad():
                fake = gen(torch.randn(32, 3))
            gap = critic(real).mean() - critic(fake).mean()
            loss = -gap + 10 * gradient_penalty(critic, real, fake)
            opt_c.zero_grad()
            loss.backward()
            opt_c.step()
        for p in critic.parameters():
            p.requires_grad_(False)
        opt_g.zero_grad()
        g_loss = -critic(gen(torch.randn(32, 3))).mean()
        g_loss.backward()
        opt_g.step()
        if step % 10 == 9:
            print(f"{step + 1} W {gap.item():.4f} G {g_loss.item():.4f}")


main()
