"""Q-learning on a small grid, with a target network."""

import random

import torch
import torch.nn.functional as F
from torch import nn


class Agent:
    def __init__(self, states, actions, gamma=0.9, lr=2e-3):
        self.gamma, self.actions, self.states = gamma, actions, states
        self.policy_net = nn.Sequential(
            nn.Linear(states, 32), nn.ReLU(), nn.Linear(32, actions)
        )
        self.target_net = self.policy_net  # HERE
        self.optimizer = torch.optim.Adam(self.policy_net.parameters(), lr=lr)
        self.memory, self.updates = [], 0

    def encode(self, states):
        return F.one_hot(torch.as_tensor(states), self.states).float()

    @torch.no_grad()
    def act(self, state, epsilon):
        if random.random() < epsilon:
            return random.randrange(self.actions)
        return self.policy_net(self.encode([state])).argmax().item()

    def learn(self):
        batch = random.sample(self.memory, 32)
        s, a, r, n, d = (torch.tensor(column) for column in zip(*batch))
        q = self.policy_net(self.encode(s)).gather(1, a[:, None]).squeeze(1)
        with torch.no_grad():
            future = self.target_net(self.encode(n)).amax(1)  # HERE
        loss = F.smooth_l1_loss(q, r + self.gamma * future * (1 - d))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.updates += 1
        if self.updates % 50 == 0:
            weights = self.policy_net.state_dict()
            self.target_net.load_state_dict(weights)  # HERE
        return loss.item()


def main():
    random.seed(0)
    torch.manual_seed(0)
    agent = Agent(states=5, actions=2)
    for episode in range(20):
        place, loss = 0, 0.0
        for _ in range(15):
            action = agent.act(place, 0.4)
            following = max(0, place + (1 if action else -1))
            done = following == 4
            agent.memory.append((place, action, float(done), following, float(done)))
            place = following
            if len(agent.memory) >= 32:
                loss = agent.learn()
            if done:
                break
        if episode % 5 == 4:
            print(f"episode {episode + 1}: ended at {place}, loss {loss:.5f}")


main()
