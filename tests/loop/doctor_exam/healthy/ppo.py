import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 32), nn.Tanh())
        self.pi, self.v = nn.Linear(32, 3), nn.Linear(32, 1)

    def forward(self, s):
        h = self.body(s)
        return Categorical(logits=self.pi(h)), self.v(h).squeeze(-1)


net = ActorCritic()
opt = torch.optim.Adam(net.parameters(), lr=3e-3, eps=1e-5)
for update in range(5):
    states = torch.randn(96, 4)
    with torch.no_grad():
        dist, values = net(states)
        actions = dist.sample()
        old_logp = dist.log_prob(actions)
    rewards = (actions == states[:, :3].argmax(1)).float()
    adv = rewards - values
    adv = (adv - adv.mean()) / (adv.std() + 1e-8)
    for epoch in range(4):
        for idx in torch.randperm(96).split(32):
            dist, v = net(states[idx])
            ratio = (dist.log_prob(actions[idx]) - old_logp[idx]).exp()
            clipped = ratio.clamp(0.8, 1.2)
            policy_loss = -torch.min(ratio * adv[idx], clipped * adv[idx]).mean()
            value_loss = 0.5 * (v - rewards[idx]).pow(2).mean()
            loss = policy_loss + 0.5 * value_loss - 0.01 * dist.entropy().mean()
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 0.5)
            opt.step()
    print(update, rewards.mean().item())
