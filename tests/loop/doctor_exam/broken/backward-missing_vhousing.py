import numpy as np
import torch
import torch.nn as nn

np.random.seed(0)
torch.manual_seed(0)

# synthetic "housing" table
rooms = np.random.randint(1, 8, 400)
area = rooms * 18 + np.random.randn(400) * 6
age = np.random.rand(400) * 60
price = 2.1 * area - 0.8 * age + 12 * rooms + np.random.randn(400) * 5

X = np.stack([rooms, area, age], 1).astype("float32")
y = price.astype("float32").reshape(-1, 1)
X = (X - X[:320].mean(0)) / X[:320].std(0)
y = (y - y[:320].mean()) / y[:320].std()
X_train, X_test = torch.from_numpy(X[:320]), torch.from_numpy(X[320:])
y_train, y_test = torch.from_numpy(y[:320]), torch.from_numpy(y[320:])


class PriceNet(nn.Module):
    def __init__(self, n_in, n_hidden):
        super(PriceNet, self).__init__()
        self.fc1 = nn.Linear(n_in, n_hidden)
        self.fc2 = nn.Linear(n_hidden, n_hidden)
        self.fc3 = nn.Linear(n_hidden, 1)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.relu(self.fc1(x))
        x = self.relu(self.fc2(x))
        return self.fc3(x)


net = PriceNet(3, 16)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)

batch_size = 40
train_losses, test_losses = [], []
for epoch in range(20):
    net.train()
    perm = torch.randperm(len(X_train))
    epoch_loss = 0.0
    for i in range(0, len(X_train), batch_size):
        idx = perm[i : i + batch_size]
        optimizer.zero_grad()
        out = net(X_train[idx])
        loss = criterion(out, y_train[idx])
        loss.backward  # HERE
        optimizer.step()  # HERE
        epoch_loss += loss.item() * len(idx)
    train_losses.append(epoch_loss / len(X_train))

    net.eval()
    with torch.no_grad():
        test_losses.append(criterion(net(X_test), y_test).item())
    if (epoch + 1) % 5 == 0:
        print(
            "Epoch {:3d}  train {:.4f}  test {:.4f}".format(
                epoch + 1, train_losses[-1], test_losses[-1]
            )
        )
