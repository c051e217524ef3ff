# which learning rate? (some of them diverge, that is the point)
import torch
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(100, 3) * torch.tensor([1.0, 2.0, 4.0])
t = x @ torch.tensor([[1.0], [-2.0], [0.5]])

histories = {}
for lr in [1e-3, 1e-2, 1e-1, 1.0]:
    w = torch.zeros(3, 1, requires_grad=True)
    opt = torch.optim.SGD([w], lr=lr)
    hist = []
    for step in range(60):
        loss = F.mse_loss(x @ w, t)
        opt.zero_grad()
        loss.backward()
        opt.step()
        hist.append(loss.item())
    histories[lr] = hist
for lr, hist in histories.items():
    print(lr, hist[0], hist[-1])
