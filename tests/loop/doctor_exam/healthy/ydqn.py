"""Deep Q-learning: a replay memory, and a target network copied now and then."""

import copy
import random
from collections import deque

import torch
import torch.nn.functional as F
from torch import nn

SIZE = 6


def one_hot(place):
    return F.one_hot(torch.tensor(place), SIZE).float()


random.seed(1)
torch.manual_seed(1)
policy = nn.Sequential(nn.Linear(SIZE, 32), nn.ReLU(), nn.Linear(32, 2))
target = copy.deepcopy(policy)
target.requires_grad_(False)
optimizer = torch.optim.RMSprop(policy.parameters(), lr=1e-3)
memory, updates, steps = deque(maxlen=400), 0, []
for episode in range(30):
    place = 0
    for t in range(25):
        with torch.no_grad():
            best = policy(one_hot(place)).argmax().item()
        action = random.randrange(2) if random.random() < 0.4 else best
        following = max(0, place + (1 if action else -1))
        done = following == SIZE - 1
        memory.append((place, action, float(done), following, done))
        place = following
        if len(memory) >= 32:
            p, a, r, f, d = map(torch.tensor, zip(*random.sample(memory, 32)))
            q = policy(F.one_hot(p, SIZE).float()).gather(1, a[:, None]).squeeze(1)
            future = target(F.one_hot(f, SIZE).float()).amax(1)
            loss = F.smooth_l1_loss(q, r + 0.9 * future * (~d))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_value_(policy.parameters(), 1.0)
            optimizer.step()
            updates += 1
            if updates % 40 == 0:
                target.load_state_dict(policy.state_dict())
        if done:
            break
    steps.append(t + 1)
    if episode % 10 == 9:
        print(f"episode {episode + 1}: {sum(steps[-10:]) / 10:.1f} steps to the end")
values = policy(torch.eye(SIZE)).amax(1)
print([round(v, 2) for v in values.tolist()])
