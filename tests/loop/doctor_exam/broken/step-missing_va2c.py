"""Advantage actor-critic on a 1-d corridor: reach the right end."""

import random
from collections import namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Categorical

Step = namedtuple("Step", "log_prob value reward entropy")


class Corridor:
    size = 7

    def reset(self):
        self.pos, self.t = random.randint(0, 3), 0
        return self.obs()

    def obs(self):
        return F.one_hot(torch.tensor(self.pos), self.size).float()

    def step(self, action):
        self.t += 1
        self.pos = min(max(self.pos + (1 if action == 1 else -1), 0), self.size - 1)
        done = self.pos == self.size - 1 or self.t >= 20
        return self.obs(), 1.0 if self.pos == self.size - 1 else -0.05, done


class Actor(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n, 24), nn.Tanh(), nn.Linear(24, 2))

    def forward(self, s):
        return Categorical(logits=self.net(s))


class Critic(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n, 24), nn.Tanh(), nn.Linear(24, 1))

    def forward(self, s):
        return self.net(s).squeeze(-1)


class Agent:
    def __init__(self, n, gamma=0.97):
        self.actor, self.critic, self.gamma = Actor(n), Critic(n), gamma
        self.actor_opt = torch.optim.Adam(self.actor.parameters(), lr=5e-3)
        self.critic_opt = torch.optim.Adam(self.critic.parameters(), lr=1e-2)

    def rollout(self, env):
        s, done, steps = env.reset(), False, []
        while not done:
            dist = self.actor(s)
            a = dist.sample()
            value = self.critic(s)
            s, r, done = env.step(a.item())
            steps.append(Step(dist.log_prob(a), value, r, dist.entropy()))
        return steps

    def update(self, steps):
        returns, g = [], 0.0
        for st in reversed(steps):
            g = st.reward + self.gamma * g
            returns.insert(0, g)
        returns = torch.tensor(returns)
        values = torch.stack([st.value for st in steps])
        adv = (returns - values).detach()
        actor_loss = -(torch.stack([st.log_prob for st in steps]) * adv).mean()
        actor_loss = (
            actor_loss - 0.01 * torch.stack([st.entropy for st in steps]).mean()
        )
        critic_loss = F.mse_loss(values, returns)
        self.actor_opt.zero_grad()
        actor_loss.backward()
        self.actor_opt.step()
        self.critic_opt.zero_grad()
        critic_loss.backward()  # HERE
        return actor_loss.item(), critic_loss.item(), sum(st.reward for st in steps)


random.seed(0)
torch.manual_seed(0)
env, agent = Corridor(), Agent(Corridor.size)
for episode in range(60):
    a, c, ret = agent.update(agent.rollout(env))
    if episode % 15 == 14:
        print(f"episode {episode + 1}: actor {a:.3f} critic {c:.3f} return {ret:.2f}")
