"""Q-learning on a corridor: walk right to find the reward."""

import random
from collections import deque

import torch
import torch.nn.functional as F
from torch import nn

LENGTH, GAMMA = 6, 0.9


class Corridor:
    def reset(self):
        self.place = 0
        return self.state()

    def state(self):
        return F.one_hot(torch.tensor(self.place), LENGTH).float()

    def step(self, action):
        self.place = max(0, self.place + (1 if action == 1 else -1))
        done = self.place == LENGTH - 1
        return self.state(), float(done), done


class QNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(LENGTH, 32), nn.Linear(32, 2)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


def learn(q_net, optimizer, memory):
    batch = random.sample(memory, 32)
    states, actions, rewards, following, done = zip(*batch)
    values = q_net(torch.stack(states)).gather(1, torch.tensor(actions)[:, None])
    best = q_net(torch.stack(following)).max(1)[0]  # HERE
    target = torch.tensor(rewards) + GAMMA * best * (1 - torch.tensor(done))  # HERE
    loss = F.mse_loss(values.squeeze(1), target)  # HERE
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def main():
    random.seed(0)
    torch.manual_seed(0)
    env, q_net, memory = Corridor(), QNet(), deque(maxlen=500)
    optimizer = torch.optim.Adam(q_net.parameters(), lr=2e-3)
    for episode in range(25):
        state, loss = env.reset(), 0.0
        for _ in range(30):
            with torch.no_grad():
                greedy = q_net(state).argmax().item()
            action = greedy if random.random() > 0.5 else random.randrange(2)
            following, reward, done = env.step(action)
            memory.append((state, action, reward, following, float(done)))
            state = following
            if len(memory) >= 64:
                loss = learn(q_net, optimizer, memory)
            if done:
                break
        if episode % 5 == 4:
            print(f"episode {episode + 1}: place {env.place} loss {loss:.5f}")


main()
