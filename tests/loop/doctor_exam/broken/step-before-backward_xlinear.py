import torch

torch.manual_seed(1)
true_w = torch.tensor([[1.5], [-2.0], [0.7]])
inputs = torch.randn(300, 3)
targets = inputs @ true_w + 0.3 + 0.05 * torch.randn(300, 1)

loader = torch.utils.data.DataLoader(
    torch.utils.data.TensorDataset(inputs, targets), batch_size=30, shuffle=True
)
model = torch.nn.Linear(3, 1)
loss_fn = torch.nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(4):
    for xb, yb in loader:
        loss = loss_fn(model(xb), yb)
        optimizer.step()  # HERE
        optimizer.zero_grad()
        loss.backward()  # HERE
    print(epoch, round(loss.item(), 5))
print("weights", model.weight.data.tolist())
