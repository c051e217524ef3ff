"""DQN with replay on a small grid."""

import random
from collections import deque

import torch
import torch.nn as nn
import torch.nn.functional as F


class Grid:
    moves = [(0, 1), (0, -1), (1, 0), (-1, 0)]

    def __init__(self, n=3):
        self.n = n

    def reset(self):
        self.p, self.t = [0, 0], 0
        return self.state()

    def state(self):
        s = torch.zeros(2 * self.n)
        s[self.p[0]] = s[self.n + self.p[1]] = 1
        return s

    def step(self, a):
        self.t += 1
        for k in (0, 1):
            self.p[k] = min(max(self.p[k] + self.moves[a][k], 0), self.n - 1)
        goal = self.p == [self.n - 1, self.n - 1]
        return self.state(), 1.0 if goal else -0.02, goal or self.t >= 15


class QNet(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(2 * n, 32), nn.Linear(32, 4)

    def forward(self, s):
        return self.fc2(F.relu(self.fc1(s)))


class DQNAgent:
    def __init__(self, n, lr=2e-3, gamma=0.95, batch=32):
        self.q = QNet(n)
        self.optimizer = torch.optim.Adam(self.q.parameters(), lr=lr)
        self.memory = deque(maxlen=2000)
        self.gamma, self.batch, self.eps = gamma, batch, 1.0

    @torch.no_grad()
    def act(self, s):
        return (
            random.randrange(4)
            if random.random() < self.eps
            else self.q(s).argmax().item()
        )

    def learn(self):
        if len(self.memory) < self.batch:
            return None
        s, a, r, s2, d = zip(*random.sample(self.memory, self.batch))
        s, s2 = torch.stack(s), torch.stack(s2)
        a, r, d = torch.tensor(a), torch.tensor(r), torch.tensor(d, dtype=torch.float)
        q = self.q(s).gather(1, a[:, None]).squeeze(1)
        target = r + self.gamma * self.q(s2).max(1).values * (1 - d)  # HERE
        loss = F.smooth_l1_loss(q, target)  # HERE
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()


random.seed(1)
torch.manual_seed(1)
env, agent = Grid(), DQNAgent(3)
for episode in range(8):
    s, done, ret, loss = env.reset(), False, 0.0, None
    while not done:
        a = agent.act(s)
        s2, r, done = env.step(a)
        agent.memory.append((s, a, r, s2, done))
        s, ret, loss = s2, ret + r, agent.learn()
    agent.eps = max(0.1, agent.eps * 0.85)
    if episode % 3 == 1:
        print(f"episode {episode + 1} return {ret:.2f} loss {loss}")
