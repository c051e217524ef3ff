"""Q-learning on a corridor: walk right to find the reward."""

import random
from collections import deque

import torch
import torch.nn as nn
import torch.nn.functional as F

N_STATES, GAMMA = 8, 0.95


class QNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(N_STATES, 24), nn.Tanh(), nn.Linear(24, 2)
        )

    def forward(self, s):
        return self.layers(F.one_hot(s, N_STATES).float())


def env_step(state, action):
    nxt = min(max(state + (1 if action else -1), 0), N_STATES - 1)
    done = nxt == N_STATES - 1
    return nxt, float(done), done


class Agent:
    def __init__(self, lr=5e-3):
        self.q = QNet()
        self.memory = deque(maxlen=500)
        self.optimizer = torch.optim.Adam(self.q.parameters(), lr=lr)

    @torch.no_grad()
    def act(self, state, eps):
        if random.random() < eps:
            return random.randrange(2)
        return int(self.q(torch.tensor(state)).argmax())

    def learn(self, batch_size=32):
        if len(self.memory) < batch_size:
            return
        s, a, r, s2, d = zip(*random.sample(self.memory, batch_size))
        s, a, s2 = torch.tensor(s), torch.tensor(a), torch.tensor(s2)
        r, d = torch.tensor(r), torch.tensor(d, dtype=torch.float32)
        value = self.q(s).gather(1, a.unsqueeze(1)).squeeze(1)
        best_next = self.q(s2).max(dim=1).values  # HERE
        target = r + GAMMA * (1 - d) * best_next  # HERE
        loss = F.smooth_l1_loss(value, target)  # HERE
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


random.seed(0)
torch.manual_seed(0)
agent = Agent()
for episode in range(8):
    state, done, t = 0, False, 0
    while not done and t < 30:
        action = agent.act(state, eps=0.3)
        nxt, reward, done = env_step(state, action)
        agent.memory.append((state, action, reward, nxt, done))
        agent.learn()
        state, t = nxt, t + 1
    print("episode", episode, "steps", t)
