"""The actor-critic example: one update an episode, two heads, no DataLoader."""

from collections import namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.distributions import Categorical

SavedAction = namedtuple("SavedAction", ["log_prob", "value"])


class Line:
    """Keep a point that drifts near the middle."""

    def reset(self):
        self.x, self.v, self.t = float(torch.rand(1)) - 0.5, 0.0, 0
        return torch.tensor([self.x, self.v])

    def step(self, action):
        self.v = 0.8 * self.v + (0.15 if action == 1 else -0.15)
        self.x += self.v
        self.t += 1
        done = abs(self.x) > 1 or self.t == 30
        return torch.tensor([self.x, self.v]), 1.0 - abs(self.x), done


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(2, 32)
        self.action_head = nn.Linear(32, 2)
        self.value_head = nn.Linear(32, 1)
        self.saved_actions, self.rewards = [], []

    def forward(self, x):
        x = F.relu(self.affine1(x))
        return F.softmax(self.action_head(x), dim=-1), self.value_head(x)


torch.manual_seed(543)
model, env = Policy(), Line()
optimizer = optim.Adam(model.parameters(), lr=1e-2)
eps = 1e-8


def select_action(state):
    probs, state_value = model(state)
    m = Categorical(probs)
    action = m.sample()
    model.saved_actions.append(SavedAction(m.log_prob(action), state_value))
    return action.item()


def finish_episode():
    R, returns = 0, []
    for r in model.rewards[::-1]:
        R = r + 0.95 * R
        returns.insert(0, R)
    returns = torch.tensor(returns)
    if len(returns) > 1:
        returns = (returns - returns.mean()) / (returns.std() + eps)
    policy_losses, value_losses = [], []
    for (log_prob, value), R in zip(model.saved_actions, returns):
        policy_losses.append(-log_prob * (R - value.item()))
        value_losses.append(F.smooth_l1_loss(value, R.view(1)))
    optimizer.zero_grad()
    loss = torch.stack(policy_losses).sum() + torch.stack(value_losses).sum()
    loss.backward()
    optimizer.step()
    del model.rewards[:]
    del model.saved_actions[:]


running = 8.0
for i_episode in range(1, 81):
    state, ep_reward, done = env.reset(), 0, False
    while not done:
        state, reward, done = env.step(select_action(state))
        model.rewards.append(reward)
        ep_reward += reward
    running = 0.05 * ep_reward + 0.95 * running
    finish_episode()
    if i_episode % 20 == 0:
        print(f"Episode {i_episode}\tLast {ep_reward:.2f}\tAverage {running:.2f}")
