"""A policy gradient for a bandit with four arms."""

import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
ARMS = torch.tensor([0.1, 0.4, 0.9, 0.2])
policy = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 4))
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)


def play(rounds=16):
    log_probs, rewards = [], []
    for _ in range(rounds):
        distribution = Categorical(logits=policy(torch.ones(1)))
        arm = distribution.sample()
        log_probs.append(distribution.log_prob(arm))
        rewards.append(float(torch.rand(()) < ARMS[arm]))
    return log_probs, torch.tensor(rewards)


for episode in range(30):
    log_probs, rewards = play()
    advantages = rewards - rewards.mean()
    terms = [-p * a for p, a in zip(log_probs, advantages)]
    loss = torch.tensor(terms, requires_grad=True).sum()  # HERE
    optimizer.zero_grad()
    loss.backward()  # HERE
    optimizer.step()
    if episode % 5 == 0:
        print(f"episode {episode}: mean reward {rewards.mean().item():.2f}")
