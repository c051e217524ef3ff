import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
import copy

q = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 2))
target_q = copy.deepcopy(q)
optimizer = torch.optim.Adam(q.parameters(), lr=0.001)
for step in range(60):
    now, then = torch.randn(32, 8), torch.randn(32, 8)
    action, reward = torch.randint(0, 2, (32,)), torch.randn(32)
    chosen = q(now).gather(1, action[:, None]).squeeze(1)
    with torch.no_grad():
        target = reward + 0.9 * target_q(then).max(dim=1).values
    loss = nn.functional.mse_loss(chosen, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 10 == 9:
        target_q.load_state_dict(q.state_dict())
print(loss.item())
