import random
from collections import deque

import torch
from torch import nn


class Corridor:
    def __init__(self, length=6):
        self.length, self.pos, self.t = length, 0, 0

    def reset(self):
        self.pos, self.t = 0, 0
        return self.state()

    def state(self):
        return nn.functional.one_hot(torch.tensor(self.pos), self.length).float()

    def step(self, action):
        self.pos = max(0, min(self.length - 1, self.pos + (1 if action else -1)))
        self.t += 1
        won = self.pos == self.length - 1
        return self.state(), float(won), won or self.t > 20


def main(gamma=0.95):
    torch.manual_seed(0)
    random.seed(0)
    env, memory = Corridor(), deque(maxlen=500)
    q_net = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 2))
    optimizer = torch.optim.Adam(q_net.parameters(), lr=5e-3)
    state = env.reset()
    for step in range(240):
        if random.random() < 0.3:
            action = random.randrange(2)
        else:
            with torch.no_grad():
                action = q_net(state).argmax().item()
        following, reward, done = env.step(action)
        memory.append((state, action, reward, following, done))
        state = env.reset() if done else following
        if len(memory) < 32:
            continue
        s, a, r, n, d = zip(*random.sample(memory, 32))
        s, n = torch.stack(s), torch.stack(n)
        a, r, d = torch.tensor(a), torch.tensor(r), torch.tensor(d).float()
        chosen = q_net(s).gather(1, a.unsqueeze(1)).squeeze(1)
        target = r + gamma * (1 - d) * q_net(n).max(1).values  # HERE
        loss = nn.functional.smooth_l1_loss(chosen, target)  # HERE
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 40 == 39:
            print(step + 1, f"loss {loss.item():.5f} q {chosen.mean().item():.3f}")


main()
