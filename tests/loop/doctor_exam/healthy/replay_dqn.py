import random
from collections import deque

import torch
from torch import nn

torch.manual_seed(0)
random.seed(0)


class Corridor:
    def reset(self):
        self.at = 0
        return self.state()

    def state(self):
        return torch.eye(6)[self.at]

    def step(self, action):
        self.at = max(0, min(5, self.at + (1 if action else -1)))
        done = self.at == 5
        return self.state(), 10.0 if done else 1.0 * self.at, done


q = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 2))
target = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 2))
target.load_state_dict(q.state_dict())
optimizer = torch.optim.AdamW(q.parameters(), lr=2e-3, amsgrad=True)
memory, env, eps, steps = deque(maxlen=500), Corridor(), 1.0, 0
for episode in range(12):
    s = env.reset()
    for t in range(25):
        if random.random() < eps:
            a = random.randrange(2)
        else:
            with torch.no_grad():
                a = q(s).argmax().item()
        s2, r, done = env.step(a)
        memory.append((s, a, r, s2, done))
        s, steps = s2, steps + 1
        if len(memory) >= 32:
            batch = random.sample(list(memory), 32)
            S, S2 = (
                torch.stack([b[0] for b in batch]),
                torch.stack([b[3] for b in batch]),
            )
            A = torch.tensor([b[1] for b in batch]).unsqueeze(1)
            R = torch.tensor([b[2] for b in batch])
            D = torch.tensor([float(b[4]) for b in batch])
            values = q(S).gather(1, A)
            with torch.no_grad():
                expected = R + 0.97 * (1 - D) * target(S2).max(1).values
            loss = nn.functional.smooth_l1_loss(values, expected.unsqueeze(1))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_value_(q.parameters(), 100)
            optimizer.step()
            for a_, b_ in zip(target.parameters(), q.parameters()):
                a_.data.copy_(0.05 * b_.data + 0.95 * a_.data)
        if done:
            break
    eps *= 0.8
print(loss.item())
