import copy
import random
from collections import deque

import torch
from torch import nn


class ChainEnv:
    def __init__(self, n=5):
        self.n = n

    def reset(self):
        self.s, self.t = 0, 0
        return self.s

    def step(self, a):
        self.s = min(self.n - 1, self.s + 1) if a == 1 else max(0, self.s - 1)
        self.t += 1
        done = self.s == self.n - 1
        return self.s, float(done), done or self.t >= 15


def one_hot(states):
    return nn.functional.one_hot(torch.tensor(states), 5).float()


def main():
    torch.manual_seed(0)
    random.seed(0)
    policy = nn.Sequential(nn.Linear(5, 24), nn.ReLU(), nn.Linear(24, 2))
    target = copy.deepcopy(policy)
    optimizer = torch.optim.AdamW(policy.parameters(), lr=3e-3, amsgrad=True)
    env, memory = ChainEnv(), deque(maxlen=1000)
    s = env.reset()
    for step in range(220):
        if random.random() < 0.4:
            a = random.randrange(2)
        else:
            with torch.no_grad():
                a = policy(one_hot([s])).argmax().item()
        n, r, done = env.step(a)
        memory.append((s, a, r, n, float(done)))
        s = env.reset() if done else n
        if len(memory) < 40:
            continue
        bs, ba, br, bn, bd = zip(*random.sample(memory, 32))
        q = policy(one_hot(bs)).gather(1, torch.tensor(ba).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            best = target(one_hot(bn)).max(1).values
        goal = torch.tensor(br) + 0.9 * (1 - torch.tensor(bd)) * best
        loss = nn.functional.smooth_l1_loss(q, goal)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(policy.parameters(), 100)
        optimizer.step()
        mixed = target.state_dict()
        for key, value in policy.state_dict().items():
            mixed[key] = 0.05 * value + 0.95 * mixed[key]
        target.load_state_dict(mixed)
        if step % 60 == 59:
            print(step + 1, f"loss {loss.item():.5f}")


main()
