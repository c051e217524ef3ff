"""One-object detector: class + box, backbone and head in one optimizer."""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def scenes(n, size=16):
    images, boxes, labels = (
        torch.zeros(n, 1, size, size),
        torch.zeros(n, 4),
        torch.zeros(n, dtype=torch.long),
    )
    for i in range(n):
        w = torch.randint(3, 8, (1,)).item()
        x, y = torch.randint(0, size - w, (2,)).tolist()
        labels[i] = torch.randint(0, 2, (1,)).item()
        patch = torch.ones(w, w)
        if labels[i] == 1:
            patch[1:-1, 1:-1] = 0
        images[i, 0, y : y + w, x : x + w] = patch
        boxes[i] = torch.tensor([x, y, x + w, y + w]) / size
    return images + 0.1 * torch.randn_like(images), boxes, labels


class Backbone(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.conv1 = nn.Conv2d(1, c, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(c, 2 * c, 3, stride=2, padding=1)

    def forward(self, x):
        return torch.relu(self.conv2(torch.relu(self.conv1(x))))


class Detector(nn.Module):
    def __init__(self, c=12, grid=4):
        super().__init__()
        self.backbone = Backbone(c)
        self.hidden = nn.Linear(2 * c * grid * grid + 2, 48)
        self.cls, self.box = nn.Linear(48, 2), nn.Linear(48, 4)

    def add_statistics(self, feat):
        flat = feat.flatten(1)
        arr = flat.cpu().data.numpy()  # HERE
        stats = np.stack([arr.mean(1), arr.std(1)], 1)
        arr = np.concatenate([arr, stats], 1).astype("float32")
        return torch.from_numpy(arr).to(feat.device)  # HERE

    def forward(self, x):
        h = torch.relu(self.hidden(self.add_statistics(self.backbone(x))))
        return self.cls(h), torch.sigmoid(self.box(h))


def compute_loss(outputs, boxes, labels, w_box=5.0):
    logits, pred = outputs
    return {
        "cls": nn.functional.cross_entropy(logits, labels),
        "box": w_box * nn.functional.smooth_l1_loss(pred, boxes, beta=0.1),
    }


def main():
    torch.manual_seed(0)
    train = DataLoader(TensorDataset(*scenes(192)), batch_size=32, shuffle=True)
    val = TensorDataset(*scenes(64))
    model = Detector()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-4)
    for epoch in range(4):
        model.train()
        sums = {"cls": 0.0, "box": 0.0}
        for images, boxes, labels in train:
            losses = compute_loss(model(images), boxes, labels)
            optimizer.zero_grad()
            sum(losses.values()).backward()
            optimizer.step()
            for k in sums:
                sums[k] += losses[k].item() / len(train)
        model.eval()
        with torch.no_grad():
            logits, _ = model(val.tensors[0])
            acc = (logits.argmax(1) == val.tensors[2]).float().mean().item()
        print(
            epoch, {k: round(v, 4) for k, v in sums.items()}, "val acc", round(acc, 3)
        )


if __name__ == "__main__":
    main()
