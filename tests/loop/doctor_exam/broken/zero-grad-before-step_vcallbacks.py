"""Two-head regression/classification on sensor tables, with a small callback system."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Callback:
    def on_epoch_start(self, learner):
        pass

    def on_batch_start(self, learner):
        pass

    def on_after_backward(self, learner):
        pass

    def on_epoch_end(self, learner):
        pass


class GradientManager(Callback):
    def on_after_backward(self, learner):
        nn.utils.clip_grad_value_(learner.model.parameters(), 5.0)
        learner.model.zero_grad(set_to_none=False)  # HERE


class Printer(Callback):
    def on_epoch_start(self, learner):
        self.sums, self.n = {}, 0

    def on_epoch_end(self, learner):
        print(
            f"epoch {learner.epoch}",
            {k: round(v / learner.batches, 4) for k, v in learner.sums.items()},
        )


class TwoHeads(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Linear(d, 32), nn.GELU(), nn.Linear(32, 32), nn.GELU()
        )
        self.heads = nn.ModuleDict(
            {"power": nn.Linear(32, 1), "fault": nn.Linear(32, 3)}
        )

    def forward(self, x):
        h = self.trunk(x)
        return {k: head(h) for k, head in self.heads.items()}


class Learner:
    def __init__(self, model, loader, optimizer, callbacks):
        self.model, self.loader, self.optimizer, self.callbacks = (
            model,
            loader,
            optimizer,
            callbacks,
        )
        self.epoch = 0

    def fire(self, event):
        for cb in self.callbacks:
            getattr(cb, event)(self)

    def losses(self, out, power, fault):
        return {
            "power": nn.functional.smooth_l1_loss(out["power"].squeeze(1), power),
            "fault": nn.functional.cross_entropy(out["fault"], fault),
        }

    def fit(self, epochs):
        for self.epoch in range(epochs):
            self.model.train()
            self.sums, self.batches = {"power": 0.0, "fault": 0.0}, 0
            self.fire("on_epoch_start")
            for x, power, fault in self.loader:
                self.fire("on_batch_start")
                losses = self.losses(self.model(x), power, fault)
                sum(losses.values()).backward()
                self.fire("on_after_backward")
                self.optimizer.step()
                for k, v in losses.items():
                    self.sums[k] += v.item()
                self.batches += 1
            self.fire("on_epoch_end")


torch.manual_seed(3)
x = torch.randn(256, 12)
power = x[:, :4].sum(1) * 0.5 + 0.1 * torch.randn(256)
fault = (x[:, 4:7]).argmax(1)
model = TwoHeads(12)
learner = Learner(
    model,
    DataLoader(TensorDataset(x, power, fault), batch_size=32, shuffle=True),
    torch.optim.RMSprop(model.parameters(), lr=1e-3),
    [GradientManager(), Printer()],
)
learner.fit(4)
model.eval()
with torch.no_grad():
    acc = (model(x)["fault"].argmax(1) == fault).float().mean().item()
print("fault accuracy", round(acc, 3))
