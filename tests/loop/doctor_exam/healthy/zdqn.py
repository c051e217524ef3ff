"""DQN with a target network that follows the policy network softly."""

import random
from collections import namedtuple

import torch
import torch.nn as nn
import torch.optim as optim

BATCH_SIZE, GAMMA, TAU = 32, 0.9, 0.05
Transition = namedtuple("Transition", ("state", "action", "next_state", "reward"))


class DQN(nn.Module):
    def __init__(self, observations=2, actions=4):
        super().__init__()
        self.layer1 = nn.Linear(observations, 32)
        self.layer2 = nn.Linear(32, actions)

    def forward(self, x):
        return self.layer2(torch.relu(self.layer1(x)))


MOVES = torch.tensor([[0.2, 0.0], [-0.2, 0.0], [0.0, 0.2], [0.0, -0.2]])


def env_step(state, action):
    nxt = (state + MOVES[action]).clamp(-1, 1)
    done = bool(nxt.norm() < 0.15)
    return (None if done else nxt), 1.0 if done else -0.05


random.seed(1)
torch.manual_seed(1)
policy_net, target_net = DQN(), DQN()
target_net.load_state_dict(policy_net.state_dict())
optimizer = optim.AdamW(policy_net.parameters(), lr=2e-3, amsgrad=True)
memory = []


def select_action(state, eps):
    if random.random() > eps:
        with torch.no_grad():
            return policy_net(state).argmax().item()
    return random.randrange(4)


def optimize_model():
    if len(memory) < BATCH_SIZE:
        return
    batch = Transition(*zip(*random.sample(memory, BATCH_SIZE)))
    non_final = torch.tensor([s is not None for s in batch.next_state])
    next_states = torch.stack([s for s in batch.next_state if s is not None])
    action = torch.tensor(batch.action).unsqueeze(1)
    values = policy_net(torch.stack(batch.state)).gather(1, action)
    next_values = torch.zeros(BATCH_SIZE)
    with torch.no_grad():
        next_values[non_final] = target_net(next_states).max(1).values
    expected = next_values * GAMMA + torch.tensor(batch.reward)
    loss = nn.SmoothL1Loss()(values, expected.unsqueeze(1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_value_(policy_net.parameters(), 100)
    optimizer.step()


for episode in range(6):
    state = torch.rand(2) * 2 - 1
    for t in range(25):
        action = select_action(state, eps=0.9 - 0.1 * episode)
        nxt, reward = env_step(state, action)
        memory.append(Transition(state, action, nxt, reward))
        state = nxt
        optimize_model()
        target_state = target_net.state_dict()
        policy_state = policy_net.state_dict()
        for key in policy_state:
            target_state[key] = policy_state[key] * TAU + target_state[key] * (1 - TAU)
        target_net.load_state_dict(target_state)
        if state is None:
            break
    print("episode", episode, "length", t + 1)
