# Leaky-integrator network reading a stream; one update per time step
import argparse

import torch
from torch import nn


class LeakyIntegrator(nn.Module):
    def __init__(self, n_in, n_hidden, n_out, leak):
        super().__init__()
        self.inp = nn.Linear(n_in, n_hidden)
        self.out = nn.Linear(n_hidden, n_out)
        self.leak = leak

    def init_state(self, batch):
        return torch.zeros(batch, self.inp.out_features)

    def forward(self, x, state):
        state = self.leak * state + (1 - self.leak) * torch.tanh(self.inp(x))
        return self.out(state), state


def stream(batch, length):
    phase = 6.28 * torch.rand(batch, 1)
    t = torch.arange(length).float()[None]
    clean = torch.sin(0.2 * t + phase)
    return (clean + 0.3 * torch.randn(batch, length)).unsqueeze(-1), clean.unsqueeze(-1)


def main(args):
    torch.manual_seed(args.seed)
    model = LeakyIntegrator(1, args.hidden, 1, args.leak)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    criterion = nn.MSELoss()
    for episode in range(args.episodes):
        noisy, clean = stream(args.batch, args.length)
        state = model.init_state(args.batch)
        total = 0.0
        for t in range(args.length):
            pred, state = model(noisy[:, t], state)  # HERE
            loss = criterion(pred, clean[:, t])
            optimizer.zero_grad()
            loss.backward(retain_graph=True)  # HERE
            optimizer.step()
            total += loss.item()
        print(f"episode {episode} mean error {total / args.length:.4f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden", type=int, default=16)
    parser.add_argument("--leak", type=float, default=0.8)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--length", type=int, default=30)
    parser.add_argument("--episodes", type=int, default=4)
    parser.add_argument("--lr", type=float, default=5e-3)
    parser.add_argument("--seed", type=int, default=1)
    main(parser.parse_args())
