# %% [markdown]
# AR(p) forecaster for a seasonal series

# %%
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(42)
P, HORIZON = 24, 4

# %%
t = torch.arange(900).float()
series = (
    torch.sin(2 * torch.pi * t / 24)
    + 0.3 * torch.sin(2 * torch.pi * t / 7)
    + 0.05 * torch.randn(900)
)
series = (series - series.mean()) / series.std()
windows = series.unfold(0, P + HORIZON, 1)
split = int(len(windows) * 0.8)
train_ds = TensorDataset(windows[:split, :P], windows[:split, P:])
test_ds = TensorDataset(windows[split:, :P], windows[split:, P:])
train_dl = DataLoader(train_ds, batch_size=64, shuffle=True)
test_dl = DataLoader(test_ds, batch_size=64)

# %%
model = nn.Linear(P, HORIZON)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.5)
history = {"train": [], "test": []}

# %%
for epoch in range(6):
    model.train()
    running = 0.0
    for past, future in train_dl:
        optimizer.zero_grad()
        forecast = model(past)
        loss = criterion(forecast, future)
        optimizer.step()  # HERE
        loss.backward()  # HERE
        running += loss.item() * len(past)
    history["train"].append(running / len(train_ds))
    scheduler.step()

    model.eval()
    running = 0.0
    with torch.no_grad():
        for past, future in test_dl:
            running += criterion(model(past), future).item() * len(past)
    history["test"].append(running / len(test_ds))
    print(
        f"epoch {epoch + 1}: train mse {history['train'][-1]:.4f}  test mse {history['test'][-1]:.4f}"
    )

# %%
naive = ((windows[split:, P:] - windows[split:, P - 1 : P]) ** 2).mean().item()
print("persistence baseline", round(naive, 4))
