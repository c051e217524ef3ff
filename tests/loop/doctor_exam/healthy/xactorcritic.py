import torch
from torch import nn
from torch.distributions import Categorical


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine = nn.Linear(3, 32)
        self.action_head = nn.Linear(32, 2)
        self.value_head = nn.Linear(32, 1)
        self.saved, self.rewards = [], []

    def forward(self, x):
        x = torch.relu(self.affine(x))
        return torch.softmax(self.action_head(x), dim=-1), self.value_head(x)


def select_action(model, state):
    probs, value = model(state)
    m = Categorical(probs)
    action = m.sample()
    model.saved.append((m.log_prob(action), value))
    return action.item()


def finish_episode(model, optimizer, gamma=0.9):
    ret, returns = 0.0, []
    for r in reversed(model.rewards):
        ret = r + gamma * ret
        returns.insert(0, ret)
    policy_losses, value_losses = [], []
    for (log_prob, value), ret in zip(model.saved, returns):
        advantage = ret - value.item()
        policy_losses.append(-log_prob * advantage)
        value_losses.append(nn.functional.smooth_l1_loss(value, torch.tensor([ret])))
    optimizer.zero_grad()
    loss = torch.stack(policy_losses).sum() + torch.stack(value_losses).sum()
    loss.backward()
    optimizer.step()
    total = sum(model.rewards)
    model.saved.clear()
    model.rewards.clear()
    return total


def main():
    torch.manual_seed(0)
    model = Policy()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    running = 0.0
    for episode in range(60):
        for _ in range(10):
            state = torch.randn(3)
            action = select_action(model, state)
            model.rewards.append(1.0 if action == int(state[0] > 0) else 0.0)
        running = 0.1 * finish_episode(model, optimizer) + 0.9 * running
        if episode % 20 == 19:
            print(f"episode {episode + 1} running reward {running:.2f}")


main()
