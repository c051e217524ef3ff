"""Policy of a contextual bandit, trained by REINFORCE with a baseline."""

import torch
import torch.nn as nn
import torch.optim as optim


class Policy(nn.Module):
    def __init__(self, features=5, arms=4):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(features, 32), nn.ReLU())
        self.logits = nn.Linear(32, arms)

    def forward(self, context):
        return torch.softmax(self.logits(self.body(context)), dim=0)  # HERE


class Bandit:
    def __init__(self, features=5, arms=4):
        self.weights = torch.randn(features, arms)

    def contexts(self, n):
        return torch.randn(n, self.weights.size(0))

    def pull(self, context, arm):
        best = (context @ self.weights).argmax(dim=1)
        return (arm == best).float()


def train(policy, bandit, steps=80, batch=64, lr=5e-3):
    optimizer = optim.Adam(policy.parameters(), lr=lr)
    baseline = 0.0
    for step in range(steps):
        context = bandit.contexts(batch)
        probs = policy(context)
        arm = torch.multinomial(probs.detach(), 1).squeeze(1)
        reward = bandit.pull(context, arm)
        chosen = probs.gather(1, arm.unsqueeze(1)).squeeze(1)
        loss = -((reward - baseline) * torch.log(chosen)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        baseline = 0.9 * baseline + 0.1 * reward.mean().item()
        if step % 20 == 0:
            print(f"step {step:3d} reward {baseline:.3f}")


torch.manual_seed(17)
train(Policy(), Bandit())
